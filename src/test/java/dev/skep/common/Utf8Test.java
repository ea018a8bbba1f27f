package dev.skep.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  /** Ends of the ranges of each length, and both halves of pairs, in any order. */
  private static final String ALPHABET =
      "a\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udbff\udc00\udfff";

  @Test
  void tellsWhatTheEncoderTells() {
    Random random = new Random(1);
    for (int n = 0; n < 100_000; n++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      assertThat(Utf8.length(text.toString())).isEqualTo(encoded(text.toString()));
    }
  }

  private static long encoded(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? text.getBytes(StandardCharsets.UTF_8).length
        : Utf8.INVALID;
  }
}
