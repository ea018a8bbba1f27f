package dev.skep.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

  private static final int LONG = 1_000_000;

  @Test
  void aNameIsStoredComposed() {
    assertThat(Names.normalise("A\u030angstro\u0308m")).isEqualTo("Ångström");
  }

  @Test
  void whatCountsIsTheLengthOfTheNameThatIsStored() {
    String syllables = "\u1112\u1161\u11ab".repeat(Names.MAX_BYTES / 3);
    assertThat(Names.normalise(syllables)).isEqualTo("한".repeat(Names.MAX_BYTES / 3));
    assertThat(Names.normalise("x".repeat(Names.MAX_BYTES))).hasSize(Names.MAX_BYTES);
    for (String tooLong :
        List.of(syllables + "x", "x".repeat(Names.MAX_BYTES + 1), "\ufb2c".repeat(43))) {
      refused(tooLong);
    }
  }

  @Test
  void halfOfASurrogatePairIsNoName() {
    refused("a\ud800");
    refused("\udc00a");
  }

  @Test
  void aLongNameIsRefusedAtOnce() {
    LongTexts.of(LONG)
        .forEach(
            text -> ProcessorTime.isBounded(text.substring(0, 3), () -> Names.normalise(text)));
  }

  private static void refused(String name) {
    assertThatThrownBy(() -> Names.normalise(name))
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_NAME));
  }
}
