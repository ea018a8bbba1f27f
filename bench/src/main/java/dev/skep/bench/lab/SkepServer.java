package dev.skep.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The built artefact as a process on a free port of this machine. */
public final class SkepServer implements FileServer, AutoCloseable {

  private static final Duration START = Duration.ofSeconds(120);

  /** Further options of each Skep's JVM: a profile, another collector. */
  private static final String OPTIONS = "SKEP_BENCH_JAVA_OPTS";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path data;
  private final int port;
  private final Child child;
  private final double startSeconds;
  private final String headers;

  private SkepServer(Path data, int port, Child child, double startSeconds) throws IOException {
    this.data = data;
    this.port = port;
    this.child = child;
    this.startSeconds = startSeconds;
    this.headers = "Authorization: " + basic("admin", session(data)) + "\r\n";
  }

  /**
   * Starts it and waits for its first 200.
   *
   * @param javaOptions of its JVM
   */
  public static SkepServer start(Lab lab, Path data, String... javaOptions) throws IOException {
    return start(lab, List.of(), data, javaOptions);
  }

  /** The same below another command, such as {@code strace}. */
  public static SkepServer start(Lab lab, List<String> under, Path data, String... javaOptions)
      throws IOException {
    int port = Lab.freePort();
    ProcessBuilder builder = new ProcessBuilder(command(lab, under, javaOptions));
    builder.environment().keySet().removeIf(name -> name.startsWith("SKEP_"));
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    builder.environment().put("SKEP_DATA", data.toString());
    long begin = System.nanoTime();
    Child child = lab.start(builder);
    Ready.await(child, port, "/q/health/ready", "", START);
    return new SkepServer(data, port, child, (System.nanoTime() - begin) / 1e9);
  }

  private static List<String> command(Lab lab, List<String> under, String... javaOptions) {
    List<String> command = new ArrayList<>(under);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(javaOptions));
    command.addAll(List.of(System.getenv().getOrDefault(OPTIONS, "").split("\\s+")));
    command.removeIf(String::isEmpty);
    command.add("-jar");
    command.add(
        System.getProperty(
            "skep.artefact", lab.checkout() + "/target/quarkus-app/quarkus-run.jar"));
    command.addAll(List.of("serve", "--embedded"));
    return command;
  }

  private static String session(Path data) throws IOException {
    return Files.readAllLines(data.resolve("admin")).stream()
        .filter(line -> line.startsWith("session="))
        .map(line -> line.substring("session=".length()))
        .findFirst()
        .orElseThrow(() -> new IOException(data + "/admin has no line session="));
  }

  static String basic(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  @Override
  public String name() {
    return "Skep";
  }

  @Override
  public int port() {
    return port;
  }

  public long pid() {
    return child.pid();
  }

  @Override
  public double cpuSeconds() throws IOException {
    return Proc.cpuSeconds(pid());
  }

  /** From exec to the first 200. */
  public double startSeconds() {
    return startSeconds;
  }

  public Path data() {
    return data;
  }

  @Override
  public String headers() {
    return headers;
  }

  @Override
  public String address(String path) {
    return "/api/v1/files/home/" + path;
  }

  /** The whole URL of a file, for another client. */
  public String url(String path) {
    return "http://127.0.0.1:" + port + address(path);
  }

  @Override
  public void makeFolder(Wire wire, String path) throws IOException {
    expect(wire, 201, "PUT", address(path) + "/", new byte[0]);
  }

  /** None: content is a blob, and its row is in the database. */
  @Override
  public Optional<Path> stored(String path) {
    return Optional.empty();
  }

  /** One request on a connection of its own, whose answer must be JSON with this status. */
  public JsonNode json(int status, String method, String address, String body) throws IOException {
    try (Wire wire = new Wire(port)) {
      expect(wire, status, method, address, body.getBytes(StandardCharsets.UTF_8));
      return JSON.readTree(wire.body());
    }
  }

  /** The id of what is at a path of the administrator's home. */
  public String idOf(String path) throws IOException {
    return json(200, "GET", "/api/v1/nodes/lookup?path=/home/" + path, "").get("id").asText();
  }

  private void expect(Wire wire, int status, String method, String address, byte[] body)
      throws IOException {
    int given = wire.exchange(Wire.request(method, address, headers, body));
    if (given != status) {
      throw new IOException(method + " " + address + " gave " + given + ": " + wire.body());
    }
  }

  /** SIGTERM; returns when it has ended. */
  @Override
  public void close() {
    child.close();
  }

  /** The process itself. */
  public Child child() {
    return child;
  }
}
