package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.SkepException;
import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreconditionsTest {

  private static final int LONG = 30_000;

  @Test
  void aListOfTagsIsRead() {
    assertThat(ifMatch("\"a\"")).containsExactly("a");
    assertThat(ifMatch("\"a\" , \"b,c\",\t\"\"")).containsExactly("a", "b,c", "");
    assertThat(ifMatch("*")).containsExactly("*");
    assertThat(ifMatch(" * ")).containsExactly("*");
  }

  @Test
  void aWeakTagMatchesWhereWeakComparisonIsAskedForOnly() {
    assertThat(ifMatch("W/\"a\"")).doesNotContain("a").isNotEmpty();
    assertThat(ifNoneMatch("W/\"a\"")).containsExactly("a");
  }

  /** RFC 9110 section 5.6.1.2. */
  @Test
  void emptyElementsOfAListAreNone() {
    assertThat(ifMatch(",\"a\",, ,\"b\" ,")).containsExactly("a", "b");
  }

  /** RFC 9110 section 13.1.1: a list of which no tag matches makes the condition false. */
  @Test
  void anEmptyListIsAConditionThatNothingMeets() {
    for (String empty : List.of("", " ", ",", " , ,")) {
      assertThatThrownBy(() -> Preconditions.of(Headers.of("If-Match", empty)).check("a"))
          .as("\"%s\"", empty)
          .isInstanceOf(SkepException.class);
      Preconditions.of(Headers.of("If-None-Match", empty)).check("a");
      assertThat(Preconditions.notModified(Headers.of("If-None-Match", empty), "a")).isFalse();
    }
  }

  @Test
  void whatIsNoListOfTagsIsRefused() {
    for (String wrong :
        List.of(
            "a",
            "\"a",
            "a\"",
            "\"a\"\"b\"",
            "\"a\" \"b\"",
            "W/a",
            "w/\"a\"",
            "\"a b\"",
            "*,*",
            "\"a\",*",
            "\"a\u007f\"",
            "\"a\";")) {
      assertThatThrownBy(() -> ifMatch(wrong))
          .as(wrong)
          .isInstanceOfSatisfying(
              SkepException.class,
              e -> assertThat(e.fields().getFirst().pointer()).isEqualTo("If-Match"));
    }
  }

  @Test
  void aLongListCostsWhatItsLengthIs() {
    LongTexts.of(LONG)
        .forEach(
            text -> {
              ProcessorTime.isBounded(text.substring(0, 5), () -> ifNoneMatch(text));
              ProcessorTime.isBounded(
                  "\"x\"," + text.substring(0, 5) + "…x", () -> ifNoneMatch("\"x\"," + text + "x"));
            });
  }

  private static List<String> ifMatch(String value) {
    return Preconditions.of(Headers.of("If-Match", value)).ifMatch();
  }

  private static List<String> ifNoneMatch(String value) {
    return Preconditions.of(Headers.of("If-None-Match", value)).ifNoneMatch();
  }
}
