package dev.skep.testkit.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Servers on a machine that has none of their programs, but a Docker engine: one container each for
 * the whole run, by Testcontainers, used like a server that the tester provides. A program that is
 * here comes first, since a process can be frozen, killed and given a small disk.
 */
final class Containers {

  private static final String PASSWORD = "of-the-test";

  /**
   * A server as a container.
   *
   * @param programs one of which makes it needless; the first is the server's own
   * @param logIn for the URL, with an at sign; may be empty
   */
  private record Image(
      List<String> programs,
      String name,
      String scheme,
      String logIn,
      int port,
      Map<String, String> environment,
      List<String> command) {

    String start() {
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(name))
              .withExposedPorts(port)
              .withEnv(environment)
              .withCommand(command.toArray(String[]::new));
      container.start(); // it ends with this run, by Testcontainers' own reaper
      return "%s://%s%s:%d/"
          .formatted(scheme, logIn, container.getHost(), container.getMappedPort(port));
    }
  }

  private static final Map<String, Image> IMAGES =
      Map.of(
          "MYSQL",
          new Image(
              List.of("mariadbd"),
              "mariadb:10.11",
              "mysql",
              "root:" + PASSWORD + "@",
              3306,
              Map.of("MARIADB_ROOT_PASSWORD", PASSWORD),
              List.of()),
          "REDIS",
          new Image(
              List.of("redis-server"),
              "redis:7.2",
              "redis",
              "",
              6379,
              Map.of(),
              List.of("redis-server", "--save", "", "--protected-mode", "no")),
          "NATS",
          new Image(List.of("nats-server"), "nats:2.10", "nats", "", 4222, Map.of(), List.of()),
          "ETCD",
          new Image(
              List.of("etcd"),
              "rancher/mirrored-coreos-etcd:v3.5.9",
              "http",
              "",
              2379,
              Map.of(),
              List.of(
                  "etcd",
                  "--listen-client-urls=http://0.0.0.0:2379",
                  "--advertise-client-urls=http://0.0.0.0:2379")),
          "S3",
          new Image(
              List.of("versitygw", "go"),
              "versity/versitygw:v1.8.0",
              "http",
              S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "@",
              7070,
              Map.of(
                  "ROOT_ACCESS_KEY", S3Server.ACCESS_KEY, "ROOT_SECRET_KEY", S3Server.SECRET_KEY),
              List.of("--port", ":7070", "posix", "/tmp")));

  // Of the whole run by their nature: a container is dear, and a contract cleans up after itself.
  private static final Map<String, Optional<String>> URLS = new ConcurrentHashMap<>();

  private Containers() {}

  /**
   * The URL of the one named so, such as {@code REDIS}; empty where it is needless or cannot be.
   */
  static Optional<String> url(String name) {
    Image image = IMAGES.get(name);
    if (image == null || image.programs().stream().anyMatch(ServerProcess::isInstalled)) {
      return Optional.empty();
    }
    return URLS.computeIfAbsent(name, any -> start(image));
  }

  private static Optional<String> start(Image image) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    String server = image.programs().getFirst();
    System.out.println(server + " is not installed: trying a container of " + image.name());
    try {
      return Optional.of(image.start());
    } catch (RuntimeException e) {
      System.out.println("no container of it: " + e.getMessage());
      return Optional.empty();
    }
  }
}
