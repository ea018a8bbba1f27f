import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes the AOT cache of a packaged Skep: starts it on a data folder of its own, uses it a little,
 * stops it; the JVM then writes down which classes it loaded and how it used them.
 *
 * <p>{@code java Training.java JAR CACHE}
 */
final class Training {

  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration WRITTEN = Duration.ofMinutes(5);
  private static final int ROUNDS = 5;
  private static final byte[] CONTENT = "trained\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

  private final Process skep;
  private final int port;
  private String credentials = "";

  private Training(Process skep, int port) {
    this.skep = skep;
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    Path jar = Path.of(args[0]).toAbsolutePath();
    Path cache = Path.of(args[1]).toAbsolutePath();
    Path unfinished = cache.resolveSibling(cache.getFileName() + ".new");
    Path data = Files.createTempDirectory(cache.getParent(), "training-");
    try {
      train(jar, unfinished, data);
      Files.move(unfinished, cache, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
      remove(data);
    }
  }

  private static void train(Path jar, Path cache, Path data) throws Exception {
    int port = freePort();
    Process skep = start(jar, cache, data, port);
    try {
      Training training = new Training(skep, port);
      training.awaitReady();
      training.signIn(data);
      training.use();
      skep.destroy();
      if (!skep.waitFor(WRITTEN.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
        throw new IOException("the JVM wrote no AOT cache within " + WRITTEN.toSeconds() + " s");
      }
    } finally {
      skep.destroyForcibly();
    }
  }

  /**
   * With the quick compiler only: profiles of such a short use would have the next start compile,
   * at once and at the cost of half a second of processor, what it does not need that soon.
   */
  private static Process start(Path jar, Path cache, Path data, int port) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-XX:AOTCacheOutput=" + cache,
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar.toString(),
            "serve",
            "--embedded");
    builder.environment().keySet().removeIf(Training::configures);
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    builder.environment().put("SKEP_DATA", data.toString());
    return builder
        .directory(data.toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static boolean configures(String variable) {
    return Stream.of("SKEP_", "QUARKUS_", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
        .anyMatch(variable::startsWith);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws Exception {
    long end = System.nanoTime() + READY.toNanos();
    while (!isReady()) {
      if (!skep.isAlive()) {
        throw new IOException("Skep ended with " + skep.exitValue() + " before it was ready");
      }
      if (System.nanoTime() > end) {
        throw new IOException("Skep was not ready after " + READY.toSeconds() + " s");
      }
      Thread.sleep(50);
    }
  }

  private boolean isReady() {
    try {
      return status("GET", "/q/health/ready", null) == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void signIn(Path data) throws IOException {
    String session =
        Files.readAllLines(data.resolve("admin")).stream()
            .filter(line -> line.startsWith("session="))
            .map(line -> line.substring("session=".length()))
            .findFirst()
            .orElseThrow(() -> new IOException("the file admin has no line session="));
    byte[] both = ("admin:" + session).getBytes(StandardCharsets.UTF_8);
    credentials = "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** What a first minute with Skep is like. */
  private void use() throws IOException {
    expect(200, "GET", "/", null);
    expect(201, "PUT", "/api/v1/files/home/folder/", new byte[0]);
    for (int round = 0; round < ROUNDS; round++) {
      String file = "/api/v1/files/home/folder/" + round + ".txt";
      expect(201, "PUT", file, CONTENT);
      expect(200, "GET", file, null);
      expect(200, "GET", "/api/v1/files/home/folder/", null);
      expect(200, "GET", "/api/v1/nodes/lookup?path=/home/folder/" + round + ".txt", null);
      expect(200, "GET", "/api/v1/me", null);
      expect(204, "DELETE", file, null);
    }
  }

  private void expect(int expected, String method, String address, byte[] body)
      throws IOException {
    int status = status(method, address, body);
    if (status != expected) {
      throw new IOException(
          "%s %s was answered with %d instead of %d".formatted(method, address, status, expected));
    }
  }

  private int status(String method, String address, byte[] body) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + address);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout((int) READY.toMillis());
    if (!credentials.isEmpty()) {
      connection.setRequestProperty("Authorization", credentials);
    }
    if (body != null) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body);
    }
    int status = connection.getResponseCode();
    if (status < 400) {
      connection.getInputStream().readAllBytes();
    }
    return status;
  }

  private static void remove(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
