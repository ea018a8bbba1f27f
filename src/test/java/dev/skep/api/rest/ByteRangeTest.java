package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteRangeTest {

  private static final int LONG = 30_000;
  private static final long SIZE = 10;

  @Test
  void aRangeIsCutAtTheEndOfTheContent() {
    assertThat(range("bytes=2-4")).isEqualTo(new ByteRange(2, 3));
    assertThat(range("bytes=2-")).isEqualTo(new ByteRange(2, 8));
    assertThat(range("bytes=2-99")).isEqualTo(new ByteRange(2, 8));
    assertThat(range("bytes=-3")).isEqualTo(new ByteRange(7, 3));
    assertThat(range("bytes=-99")).isEqualTo(new ByteRange(0, 10));
    assertThat(range("BYTES=2-4")).isEqualTo(new ByteRange(2, 3));
  }

  /** RFC 9110 section 5.6.1.2. */
  @Test
  void emptyElementsOfAListAreNone() {
    assertThat(range("bytes=,2-4 , ,")).isEqualTo(new ByteRange(2, 3));
    assertThat(range("bytes=20-,2-4")).isEqualTo(new ByteRange(2, 3));
  }

  @Test
  void whatIsNoRangeAndSeveralRangesAreTheWholeContent() {
    for (String whole :
        List.of(
            "bytes=",
            "bytes=,",
            "bytes",
            "lines=1-2",
            "bytes=-",
            "bytes=4-2",
            "bytes=a-b",
            "bytes=1",
            "bytes=1-2-3",
            "bytes=--1",
            "bytes=+1-2",
            "bytes=0-1,4-5",
            "bytes=١-٢",
            "bytes=1- 2",
            "bytes=0-1;",
            "bytes=9999999999999999999-")) {
      assertThat(ByteRange.of(whole, SIZE)).as(whole).isEmpty();
    }
  }

  @Test
  void aRangeBehindTheEndCannotBeMet() {
    for (String behind : List.of("bytes=10-", "bytes=-0", "bytes=10-20,30-")) {
      assertThatThrownBy(() -> ByteRange.of(behind, SIZE))
          .as(behind)
          .isInstanceOf(ByteRange.RangeNotSatisfiable.class);
    }
  }

  @Test
  void aLongHeaderCostsWhatItsLengthIs() {
    LongTexts.of(LONG)
        .forEach(
            text -> {
              String start = text.substring(0, 5);
              ProcessorTime.isBounded(start, () -> ByteRange.of("bytes=" + text, SIZE));
              ProcessorTime.isBounded(
                  start + "…-", () -> ByteRange.of("bytes=" + text + "-", SIZE));
              ProcessorTime.isBounded("0-…", () -> ByteRange.of("bytes=0-" + text + "x", SIZE));
            });
  }

  private static ByteRange range(String header) {
    return ByteRange.of(header, SIZE).orElseThrow();
  }
}
