package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.Skep;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An upload counts whole or not at all. */
@BlackBox
final class CutOffUploadTest {

  private final Skep skep;
  private final Client admin;

  CutOffUploadTest(Skep skep) {
    this.skep = skep;
    this.admin = skep.admin();
  }

  @Test
  void lessThanItsContentLengthLeavesNothing() throws Exception {
    String folder = folder();
    long used = used();
    for (int length : new int[] {1000, 100_000}) {
      try (Wire wire = Wire.to(skep)) {
        wire.send(put(folder + "/new", "Content-Length: " + length)).send(new byte[length / 2]);
        settle();
        wire.cut();
      }
    }
    settle();
    nothingHasChanged(folder, used);
  }

  @Test
  void chunksWithoutAnEndLeaveNothing() throws Exception {
    String folder = folder();
    long used = used();
    try (Wire wire = Wire.to(skep)) {
      wire.send(put(folder + "/new", "Transfer-Encoding: chunked")).send("5\nhello\n5\nhe");
      settle();
      wire.cut();
    }
    settle();
    nothingHasChanged(folder, used);
  }

  @Test
  void anOverwriteThatIsCutOffKeepsTheOldContent() throws Exception {
    String folder = folder();
    String etag = admin.head("/files/home/" + folder + "/old").is(200).etag();
    long used = used();
    for (String framing : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
      try (Wire wire = Wire.to(skep)) {
        wire.send(put(folder + "/old", framing)).send("3\nnew\n");
        settle();
        wire.cut();
      }
    }
    settle();
    nothingHasChanged(folder, used);
    assertThat(admin.head("/files/home/" + folder + "/old").is(200).etag()).isEqualTo(etag);
    String id = admin.get("/nodes/lookup?path=/home/" + folder + "/old").is(200).id();
    assertThat(admin.get("/nodes/" + id + "/versions").is(200).items("id")).hasSize(1);
  }

  @Test
  void chunksThatAreNoChunksAreRefused() throws Exception {
    String folder = folder();
    long used = used();
    try (Wire wire = Wire.to(skep)) {
      wire.send(put(folder + "/new", "Transfer-Encoding: chunked")).send("zz\nhello\n0\n\n");
      assertThat(wire.answer()).doesNotStartWith("HTTP/1.1 2");
    }
    nothingHasChanged(folder, used);
  }

  @Test
  void lengthAndChunksAtOnceAreNotTakenForTwoRequests() throws Exception {
    String folder = folder();
    long used = used();
    try (Wire wire = Wire.to(skep)) {
      wire.send(put(folder + "/new", "Content-Length: 5\nTransfer-Encoding: chunked"))
          .send("0\n\nGET /api/v1/me HTTP/1.1\nHost: x\n\n");
      String answer = wire.answer();
      assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSizeLessThanOrEqualTo(2);
      assertThat(answer).doesNotStartWith("HTTP/1.1 2");
    }
    nothingHasChanged(folder, used);
  }

  @Test
  void theConnectionGoesOnAfterAnUploadThatWasRefusedBeforeItWasRead() throws Exception {
    byte[] large = new byte[24 << 20];
    try (Wire wire = Wire.to(skep)) {
      wire.send(
              "PUT /api/v1/files/home/refused HTTP/1.1\nHost: x\nContent-Length: %d\n\n"
                  .formatted(large.length))
          .send(large)
          .send("GET /q/health/live HTTP/1.1\nHost: x\nConnection: close\n\n");
      String answers = wire.answer();
      assertThat(answers).startsWith("HTTP/1.1 401");
      assertThat(answers.substring(1)).contains("HTTP/1.1 200");
    }
  }

  @Test
  void aDownloadThatTheClientGivesUpIsNoErrorOfSkep() throws Exception {
    String name = Names.fresh("given-up");
    admin.put("/files/home/" + name, new byte[8 << 20]).is(201);
    int before = skep.output().length();
    for (int i = 0; i < 5; i++) {
      try (Wire wire = Wire.to(skep)) {
        wire.send(
            "GET /api/v1/files/home/%s HTTP/1.1\nHost: x\nAuthorization: %s\n\n"
                .formatted(name, admin.authorization()));
        settle();
        wire.cut();
      }
    }
    settle();
    assertThat(skep.output().substring(before)).doesNotContain(" ERROR ");
    assertThat(admin.get("/files/home/" + name).is(200).body()).hasSize(8 << 20);
  }

  @Test
  void anAddressThatIsTooLongIsRefused() throws Exception {
    try (Wire wire = Wire.to(skep)) {
      wire.send(
          "GET /api/v1/files/home/"
              + "x".repeat(40_000)
              + " HTTP/1.1\nHost: x\nConnection: close\n\n");
      assertThat(wire.answer()).matches("(?s)HTTP/1\\.[01] 414 .*");
    }
    admin.get("/me").is(200);
  }

  @Test
  void headersThatAreTooLongAreRefused() throws Exception {
    try (Wire wire = Wire.to(skep)) {
      wire.send(
          "GET /api/v1/me HTTP/1.1\nHost: x\nConnection: close\nX-Long: "
              + "x".repeat(100_000)
              + "\n\n");
      assertThat(wire.answer()).startsWith("HTTP/1.1 431");
    }
    admin.get("/me").is(200);
  }

  @Test
  void sigtermEndsAnUploadThatDoesNotEndWithinTenSeconds() throws Exception {
    try (Skep own = Skep.start();
        Wire wire = Wire.to(own)) {
      wire.send(
              "PUT /api/v1/files/home/slow HTTP/1.1\nHost: x\nAuthorization: %s\nContent-Length: 100000\n\n"
                  .formatted(own.admin().authorization()))
          .send(new byte[1000]);
      settle();
      long began = System.nanoTime();
      own.stop();
      System.out.printf(
          "SIGTERM with an upload open: ended after %d ms%n",
          Duration.ofNanos(System.nanoTime() - began).toMillis());
      try (Skep again = Skep.on(own.data()).start()) {
        again.admin().get("/files/home/slow").isProblem(404, "not-found");
      }
    }
  }

  private String folder() {
    String folder = Names.fresh("cut");
    admin.put("/files/home/" + folder + "/old", "old content").is(201);
    return folder;
  }

  private void nothingHasChanged(String folder, long used) {
    assertThat(admin.get("/files/home/" + folder + "/").is(200).items("name"))
        .containsExactly("old");
    assertThat(admin.get("/files/home/" + folder + "/old").is(200).text()).isEqualTo("old content");
    assertThat(used()).isEqualTo(used);
  }

  private long used() {
    return admin.get("/workspaces/home").is(200).json().path("used").asLong();
  }

  private String put(String path, String framing) {
    return "PUT /api/v1/files/home/%s HTTP/1.1\nHost: x\nAuthorization: %s\n%s\n\n"
        .formatted(path, admin.authorization(), framing);
  }

  /** For the server to read what was sent; too short a pause makes the test easier, not wrong. */
  private static void settle() throws InterruptedException {
    Thread.sleep(300);
  }
}
