package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import org.junit.jupiter.api.Test;

class DigestsTest {

  private static final int LONG = 30_000;

  @Test
  void aLongHeaderCostsWhatItsLengthIs() {
    LongTexts.of(LONG)
        .forEach(
            text -> {
              String start = text.substring(0, 5);
              for (String value :
                  new String[] {
                    text, "sha-256=:" + text, "sha-256=:YQ==:" + text + "x", "a" + text
                  }) {
                ProcessorTime.isBounded(start, () -> Digests.of(Headers.of("Repr-Digest", value)));
              }
            });
  }

  @Test
  void algorithmsThatAreNotKnownAreIgnored() {
    assertThat(Digests.of(Headers.of("Repr-Digest", "md5=:YQ==:")).sha256()).isNull();
  }
}
