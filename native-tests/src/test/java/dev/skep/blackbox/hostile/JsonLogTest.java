package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The log that programs read. */
final class JsonLogTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NOT_SMALL = 2 << 20;

  @Test
  void eachLineIsAnObjectAndNamesTheRequestThatItBelongsTo() throws Exception {
    try (Skep skep = Skep.on(Skep.newFolder("skep-data")).with("SKEP_LOG_JSON", "true").start()) {
      String secret = skep.adminFile("session");
      skep.admin().put("/files/home/damaged", new byte[NOT_SMALL]).is(201);
      damageBlobs(skep.data());

      get(skep, "/api/v1/files/home/damaged", "the-request-that-fails");

      JsonNode line = awaitLineOf(skep, "the-request-that-fails");
      assertThat(line.path("level").asText()).isIn("ERROR", "WARN");
      List<JsonNode> all = lines(skep);
      assertThat(all)
          .extracting(each -> each.path("message").asText())
          .anyMatch(message -> message.startsWith("Skep is ready in "))
          .anyMatch(message -> message.startsWith("sql "));
      assertThat(skep.output()).doesNotContain(secret);
    }
  }

  /**
   * Not by the client of the other tests: that a damaged disk gives 500 is no fault of an input.
   */
  private static void get(Skep skep, String path, String requestId) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) skep.base().resolve(path).toURL().openConnection();
    String credentials = "admin:" + skep.adminFile("session");
    connection.setRequestProperty(
        "Authorization",
        "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    connection.setRequestProperty("X-Request-Id", requestId);
    connection.setReadTimeout((int) PATIENCE.toMillis());
    assertThat(connection.getResponseCode()).isGreaterThanOrEqualTo(500);
  }

  private static void damageBlobs(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("objects/blobs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private static JsonNode awaitLineOf(Skep skep, String requestId) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      for (JsonNode line : lines(skep)) {
        if (line.at("/mdc/requestId").asText().equals(requestId)) {
          return line;
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no line of " + requestId + " in:\n" + skep.output());
  }

  private static List<JsonNode> lines(Skep skep) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : skep.output().split("\n")) {
      if (!line.isBlank()) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    return lines;
  }
}
