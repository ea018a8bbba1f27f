package dev.skep.testkit;

import java.util.List;
import java.util.stream.Stream;

/** Long texts of what parsers and normalisers step over: separators, brackets, combining marks. */
public final class LongTexts {

  private static final List<String> REPEATED =
      List.of(
          " ",
          "\t",
          ",",
          ";",
          "\"",
          "/",
          "=",
          ".",
          "%",
          "\\",
          "&",
          "-",
          ":",
          "*",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "<",
          ">",
          "a",
          "0",
          ", ",
          "\"a\",",
          "0-1,",
          "a=:YQ==:,",
          ";a=b",
          "%20",
          "\u0301",
          "\u0316",
          "\u0301\u0316",
          "\u1100\u1161\u11a8",
          "\u1161",
          "\ufdfa");

  private LongTexts() {}

  /** Of so many characters each. */
  public static Stream<String> of(int length) {
    return Stream.concat(
        REPEATED.stream().map(each -> each.repeat(length / each.length())),
        // Sorted by their class, each of the second half passes all of the first.
        Stream.of("a" + "\u0301".repeat(length / 2) + "\u0316".repeat(length / 2)));
  }
}
