package dev.skep.cluster.server;

import dev.skep.cluster.site.Child;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The built artefact as one of several equal processes. */
public record Replica(int number, int port, Child child) {

  private static final Duration START = Duration.ofSeconds(120);
  private static final int PATIENCE_MILLIS = 1_000;

  /** Starts all at once, as after a power cut, and waits until each is ready. */
  public static List<Replica> startAll(
      Site site, Path checkout, int count, List<Server> servers, String adminPassword)
      throws IOException, InterruptedException {
    List<Callable<Replica>> starts = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      int mine = number;
      starts.add(() -> start(site, checkout, mine, servers, adminPassword));
    }
    return Servers.together(starts);
  }

  private static Replica start(
      Site site, Path checkout, int number, List<Server> servers, String adminPassword)
      throws IOException, InterruptedException {
    int port = Site.freePort();
    String name = "replica-" + number;
    ProcessBuilder builder =
        new ProcessBuilder(command(checkout)).directory(site.newFolder(name).toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("SKEP_") || key.startsWith("QUARKUS_"));
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("SKEP_DATA", site.folder().resolve(name).resolve("data").toString());
    environment.put("SKEP_DRIVERS", "clustered");
    environment.put("SKEP_ADMIN_PASSWORD", adminPassword);
    servers.forEach(
        server -> environment.putAll(server.environment("127.0.0.1:" + server.tcpPort())));
    Child child = site.start(name, builder);
    Replica replica = new Replica(number, port, child);
    site.await(child, START, replica::isWhole);
    return replica;
  }

  private static List<String> command(Path checkout) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path cache = checkout.resolve("target/skep.aot");
    if (Files.exists(cache)) {
      // Made by another build it is useless; Java then does without, and need not say so.
      command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
    }
    command.addAll(List.of("-Xmx256m", "-jar"));
    command.add(checkout.resolve("target/quarkus-app/quarkus-run.jar").toString());
    command.add("serve");
    return command;
  }

  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Whether it takes requests.
   *
   * @throws IOException when it does not answer within a second
   */
  public boolean isReady() throws IOException {
    return !health().isEmpty();
  }

  /** Whether it takes requests and every port of it answers. */
  private boolean isWhole() throws IOException {
    String health = health();
    return !health.isEmpty() && !health.contains("\"DOWN\"");
  }

  /** Empty when it is not ready. */
  private String health() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(address() + "/q/health/ready").toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Connection", "close");
    try {
      if (connection.getResponseCode() != 200) {
        return "";
      }
      try (InputStream in = connection.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } finally {
      connection.disconnect();
    }
  }
}
