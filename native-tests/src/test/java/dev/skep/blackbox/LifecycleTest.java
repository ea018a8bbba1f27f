package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Starting, stopping, killing and starting again on the same data. */
final class LifecycleTest {

  @Test
  void whatWasAcknowledgedIsThereAfterAStopAndAfterAKill() throws Exception {
    Path data = Skep.newFolder("skep-restarted");
    String secret;
    try (Skep first = Skep.on(data).start()) {
      secret = first.adminFile("session");
      first.admin().put("/files/home/kept.txt", "kept").is(201);
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin"))))
          .isEqualTo("rw-------");
      assertThat(first.output()).contains("Skep is ready in").doesNotContain(secret);
      first.stop();
      assertThat(first.process().exitValue()).isIn(0, 143);
    }
    try (Skep second = Skep.on(data).start()) {
      second.as("admin", secret).get("/me").isProblem(401, "unauthenticated");
      assertThat(second.admin().get("/files/home/kept.txt").is(200).text()).isEqualTo("kept");
      second.admin().put("/files/home/kept.txt", "kept too").is(200);
      second.kill();
    }
    try (Skep third = Skep.on(data).start()) {
      assertThat(third.admin().get("/files/home/kept.txt").is(200).text()).isEqualTo("kept too");
    }
  }

  @Test
  void aStopLetsARunningUploadFinish() throws Exception {
    try (Skep skep = Skep.start()) {
      RawRequest upload =
          RawRequest.of(skep.admin(), "PUT", "/files/home/slow.txt").header("Content-Length", "10");
      try (RawRequest.Conversation conversation = upload.open()) {
        conversation.write("first".getBytes(StandardCharsets.UTF_8));
        Thread.sleep(500);
        skep.process().destroy();
        Thread.sleep(1000);
        conversation.write("later".getBytes(StandardCharsets.UTF_8));
        conversation.answer().is(201);
      }
      skep.stop();
      try (Skep again = Skep.on(skep.data()).start()) {
        assertThat(again.admin().get("/files/home/slow.txt").is(200).text())
            .isEqualTo("firstlater");
      }
    }
  }
}
