package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnicodeGuardTest {

  private static final int LONG = 1_000_000;

  @Test
  void wholePairsAndWhatOnlyLooksLikeAHalfPass() {
    for (String good :
        List.of(
            "{}",
            "",
            "\"\ud83d\udc0e\"",
            "\"\\ud83d\\udc0e\"",
            "\"\\uD83D\\uDC0E\"",
            "\"\\\\ud800\"",
            "\"\\\\\\\\udc00\"",
            "\"\\u00e9\\n\\\"\"",
            "\"\\u0000\"",
            "\\u12",
            "\\")) {
      assertThatCode(() -> check(good)).as(good).doesNotThrowAnyException();
    }
  }

  @Test
  void halvesAreRefusedWhereverTheyStand() {
    for (String half :
        List.of(
            "\"\\ud800\"",
            "\"\\udc00\"",
            "{\"\\uDBFF\":1}",
            "[\"\\ud800\\ud800\\udc00\"]",
            "\"\\ud800x\\udc00\"",
            "\"\\ud800\\\\udc00\"",
            "\"\\\\\\ud800\"",
            "\"\\ud800\\udbff\"",
            "\"\\ud800")) {
      refused(half.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    refused(new byte[] {'"', (byte) 0xff, '"'});
    refused(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'});
    refused("\"\ud83d\udc0e\"".getBytes(StandardCharsets.UTF_16LE));
    refused("{}".getBytes(StandardCharsets.UTF_16));
  }

  @Test
  void aLongBodyCostsWhatItsLengthIs() {
    LongTexts.of(LONG)
        .forEach(text -> ProcessorTime.isBounded(text.substring(0, 3), () -> check(text)));
    ProcessorTime.isBounded("escapes", () -> check("\\ud83d\\udc0e".repeat(LONG / 12)));
  }

  private static void check(String json) {
    UnicodeGuard.check(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(byte[] json) {
    assertThatThrownBy(() -> UnicodeGuard.check(json))
        .as(new String(json, StandardCharsets.ISO_8859_1))
        .isInstanceOfSatisfying(
            SkepException.class,
            e ->
                org.assertj.core.api.Assertions.assertThat(e.code())
                    .isEqualTo(ErrorCode.MALFORMED));
  }
}
