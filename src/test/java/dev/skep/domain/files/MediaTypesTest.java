package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.SkepException;
import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediaTypesTest {

  private static final int LONG = 1_000_000;

  @Test
  void mediaTypesAreKeptAsTheyAreSaid() {
    for (String type :
        List.of(
            "text/plain",
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\"",
            "a/b;",
            "application/vnd.oasis.opendocument.text",
            "image/svg+xml",
            "a/b ;\tc=d ; e=\"f;\\\"g\"",
            "multipart/mixed; boundary=\"a b/c:(d)\"",
            "a/" + "b".repeat(127))) {
      assertThat(MediaTypes.checked(type, "/mediaType")).isEqualTo(type);
      assertThat(MediaTypes.sendable(type)).isEqualTo(type);
    }
    assertThat(MediaTypes.checked(" text/plain\t", "/mediaType")).isEqualTo("text/plain");
  }

  @Test
  void whatIsNoMediaTypeIsNeitherTakenNorSent() {
    for (String wrong :
        List.of(
            "",
            "text",
            "text/",
            "/plain",
            "text/plain/x",
            "text plain",
            "*/*",
            "text/*",
            "text/plain;\nx=b",
            "text/plain; x=\"a\nb\"",
            "text/plain\r\nSet-Cookie: a=b",
            "text/\0",
            "text/plain; x",
            "text/plain; x=",
            "text/plain; =y",
            "text/plain; x=\"y",
            "text/plain, a/b",
            "text/plain; x=\"y\\",
            "text/plain; x=y z",
            "text/é",
            "text/plain; x=\"é\"",
            "text/plain x",
            "a/" + "b".repeat(128),
            "text/plain;x=" + "y".repeat(250),
            "text/plain; x=\u007f")) {
      assertThatThrownBy(() -> MediaTypes.checked(wrong, "/mediaType"))
          .as(wrong)
          .isInstanceOfSatisfying(
              SkepException.class,
              e -> assertThat(e.fields().getFirst().pointer()).isEqualTo("/mediaType"));
      assertThat(MediaTypes.sendable(wrong)).as(wrong).isEqualTo("application/octet-stream");
    }
  }

  @Test
  void aLongOneIsRefusedAtOnce() {
    LongTexts.of(LONG)
        .forEach(
            text ->
                ProcessorTime.isBounded(
                    text.substring(0, 3), () -> MediaTypes.checked("a/b" + text, "/mediaType")));
  }
}
