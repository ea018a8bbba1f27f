package dev.skep.blackbox.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./skep dev} on a copy of the checkout: what is changed there takes effect at the next
 * request.
 */
class DevModeTest {

  private static final List<String> NOT_COPIED = List.of(".git", "target", "data", "native-tests");
  private static final Duration START = Duration.ofMinutes(4);
  // Quarkus looks for changes at most every two seconds.
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2500);

  @TempDir Path checkout;
  private final HttpClient http = HttpClient.newHttpClient();
  private Path log;
  private int port;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    copy(Path.of("..").toAbsolutePath().normalize(), checkout);
    port = Site.freePort();
    log = checkout.resolve("dev.log");
    ProcessBuilder dev = new ProcessBuilder("./skep", "dev").directory(checkout.toFile());
    dev.environment().put("JAVA_HOME", System.getProperty("java.home"));
    dev.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    dev.environment().put("SKEP_DATA", checkout.resolve("data").toString());
    process = dev.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    awaitReady();
  }

  @AfterEach
  void stop() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.descendants().forEach(child -> child.onExit().join());
    process.onExit().join();
  }

  @Test
  void aChangedClassAndChangedPropertiesTakeEffectAtTheNextRequest() throws Exception {
    assertThat(get("/api/v1/nothing").body()).contains("There is no such resource");
    Thread.sleep(BETWEEN_LOOKS);
    replace(
        "src/main/java/dev/skep/api/rest/Problems.java",
        "There is no such resource",
        "Nothing here of that name");
    assertThat(get("/api/v1/nothing").body()).contains("Nothing here of that name");

    Thread.sleep(BETWEEN_LOOKS);
    replace(
        "src/main/resources/application.properties",
        "\"Referrer-Policy\".value=no-referrer",
        "\"Referrer-Policy\".value=same-origin");
    assertThat(get("/api/v1/nothing").headers().firstValue("Referrer-Policy"))
        .hasValue("same-origin");
  }

  private void awaitReady() throws Exception {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      assertThat(process.isAlive()).as("dev mode: %s", Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as("dev mode: %s", Files.readString(log)).isLessThan(deadline);
      Thread.sleep(500);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/q/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofMinutes(1))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private void replace(String file, String from, String to) throws IOException {
    Path path = checkout.resolve(file);
    String before = Files.readString(path);
    assertThat(before).contains(from);
    Files.writeString(path, before.replace(from, to));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(file -> !file.equals(from))
          .filter(file -> !NOT_COPIED.contains(from.relativize(file).getName(0).toString()))
          .forEach(file -> copyOne(file, to.resolve(from.relativize(file).toString())));
    }
  }

  private static void copyOne(Path file, Path target) {
    try {
      Files.copy(file, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
