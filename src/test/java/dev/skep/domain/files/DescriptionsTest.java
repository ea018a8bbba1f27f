package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.SkepException;
import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DescriptionsTest {

  private static final int LONG = 1_000_000;

  @Test
  void tagsAreComposedAndKeptOnceInTheirOrder() {
    assertThat(Descriptions.tags(List.of(" b ", "a\u0308", "ä", "b"))).containsExactly("b", "ä");
  }

  @Test
  void whatCountsIsTheLengthOfTheTagThatIsStored() {
    assertThat(Descriptions.tags(List.of("\u1112\u1161\u11ab".repeat(85))))
        .containsExactly("한".repeat(85));
    refused("/tags/0", () -> Descriptions.tags(List.of("x".repeat(256))));
    refused("/tags/1", () -> Descriptions.tags(List.of("a", " ")));
    refused("/tags/0", () -> Descriptions.tags(List.of("\ud800")));
  }

  @Test
  void tooManyTagsAreRefusedBeforeOneIsLookedAt() {
    List<String> many = IntStream.range(0, 101).mapToObj(each -> "a\u0308" + each).toList();
    refused("/tags", () -> Descriptions.tags(many));
    assertThat(Descriptions.tags(many.subList(0, 100))).hasSize(100);
  }

  @Test
  void longDescriptionsAreRefusedAtOnce() {
    LongTexts.of(LONG)
        .forEach(
            text -> {
              String start = text.substring(0, 3);
              ProcessorTime.isBounded(start, () -> Descriptions.tags(List.of(text)));
              ProcessorTime.isBounded(
                  start,
                  () -> Descriptions.tags(Collections.nCopies(1000, text.substring(0, 700))));
              ProcessorTime.isBounded(start, () -> Descriptions.metadata(Map.of("key", text)));
            });
  }

  private static void refused(String pointer, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SkepException.class,
            e -> assertThat(e.fields().getFirst().pointer()).isEqualTo(pointer));
  }
}
