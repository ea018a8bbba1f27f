package dev.skep.cluster.server;

import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Starts one of each on loopback, all at once; each forgets everything with the site. */
public final class Servers {

  private static final Duration INSTALL = Duration.ofSeconds(60);
  private static final String HERE = "127.0.0.1";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a server sends that greets first. */
  private static final int GREETING = 512;

  private final Site site;

  private Servers(Site site) {
    this.site = site;
  }

  public static List<Server> start(Site site) throws IOException, InterruptedException {
    Servers servers = new Servers(site);
    return together(
        List.of(
            servers::mariaDb, servers::versitygw, servers::etcd, servers::redis, servers::nats));
  }

  /** Runs all at once; fails with the first failure, after all have ended. */
  static <T> List<T> together(List<Callable<T>> starts) throws IOException, InterruptedException {
    List<T> started = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> each : threads.invokeAll(starts)) {
        started.add(each.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
    return started;
  }

  /** A password for this site only. */
  public static String secret() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Server mariaDb() throws IOException, InterruptedException {
    Path data = site.folder().resolve("mariadb");
    String password = secret();
    String user = "--user=" + System.getProperty("user.name");
    site.start(
            "mariadb-install",
            new ProcessBuilder(
                Site.command("mariadb-install-db").toString(),
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                user,
                "--datadir=" + data))
        .await(INSTALL);
    Path script =
        Files.writeString(
            site.folder().resolve("mariadb.sql"),
            """
            CREATE DATABASE IF NOT EXISTS skep;
            CREATE USER IF NOT EXISTS 'skep'@'127.0.0.1' IDENTIFIED BY '%s';
            GRANT ALL ON skep.* TO 'skep'@'127.0.0.1';
            """
                .formatted(password));
    int port = Site.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Site.command("mariadbd").toString(),
            "--no-defaults",
            user,
            "--datadir=" + data,
            "--init-file=" + script,
            "--bind-address=" + HERE,
            "--port=" + port,
            "--socket=mariadb.sock", // relative to the data: the whole path may be too long
            "--skip-name-resolve",
            "--innodb-buffer-pool-size=128M");
    return new Server(
            site,
            "MariaDB",
            "sql",
            "mysql://skep:%s@%s:%d/skep".formatted(password, HERE, port),
            port,
            at ->
                Map.of(
                    "skep.sql.mysql.endpoints",
                    at,
                    "skep.sql.mysql.database",
                    "skep",
                    "skep.sql.mysql.user",
                    "skep",
                    "skep.sql.mysql.password",
                    password),
            builder,
            () -> greeting(port).contains("MariaDB"))
        .start();
  }

  private Server versitygw() throws IOException, InterruptedException {
    int port = Site.freePort();
    String secret = secret();
    ProcessBuilder builder =
        new ProcessBuilder(
            s3Server().toString(),
            "--port",
            HERE + ":" + port,
            "--quiet",
            "--keep-alive",
            "posix",
            site.newFolder("s3").toString());
    builder.environment().put("ROOT_ACCESS_KEY", "skep");
    builder.environment().put("ROOT_SECRET_KEY", secret);
    String endpoint = "http://" + HERE + ":" + port;
    return new Server(
            site,
            "versitygw",
            "objects",
            "%s, access key skep, secret key %s".formatted(endpoint, secret),
            port,
            at ->
                Map.of(
                    "skep.objects.s3.endpoint",
                    "http://" + at,
                    "skep.objects.s3.access-key",
                    "skep",
                    "skep.objects.s3.secret-key",
                    secret),
            builder,
            () -> get(endpoint + "/").status() > 0)
        .start();
  }

  /**
   * The S3 server's program: the one that {@code ./skep} names or has built, or of the path.
   *
   * @throws IOException when there is none
   */
  public static Path s3Server() throws IOException {
    String named = System.getProperty("skep.versitygw");
    if (named != null) {
      return Path.of(named);
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path built =
        (caches == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches))
            .resolve("skep/go/bin/versitygw");
    return Files.isExecutable(built) ? built : Site.command("versitygw");
  }

  private Server etcd() throws IOException, InterruptedException {
    int port = Site.freePort();
    String client = "http://" + HERE + ":" + port;
    String peer = "http://" + HERE + ":" + Site.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Site.command("etcd").toString(),
            "--name=one",
            "--data-dir=" + site.newFolder("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=one=" + peer);
    return new Server(
            site,
            "etcd",
            "config, coordinator, registry",
            client,
            port,
            at ->
                Map.of(
                    "skep.config.etcd.endpoints", "http://" + at,
                    "skep.coordinator.etcd.endpoints", "http://" + at,
                    "skep.registry.etcd.endpoints", "http://" + at),
            builder,
            () -> get(client + "/health").body().contains("true"))
        .start();
  }

  private Server redis() throws IOException, InterruptedException {
    int port = Site.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                Site.command("redis-server").toString(),
                "--bind",
                HERE,
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no")
            .directory(site.newFolder("redis").toFile());
    return new Server(
            site,
            "Redis",
            "cache",
            "redis://%s:%d".formatted(HERE, port),
            port,
            at -> Map.of("skep.cache.redis.servers", at),
            builder,
            () -> reply(port, "PING\r\n").startsWith("+PONG"))
        .start();
  }

  private Server nats() throws IOException, InterruptedException {
    int port = Site.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Site.command("nats-server").toString(), "-a", HERE, "-p", Integer.toString(port));
    return new Server(
            site,
            "NATS",
            "pubsub",
            "nats://%s:%d".formatted(HERE, port),
            port,
            at -> Map.of("skep.pubsub.nats.servers", "nats://" + at),
            builder,
            () -> greeting(port).startsWith("INFO"))
        .start();
  }

  private static String greeting(int port) throws IOException {
    return reply(port, "");
  }

  private static String reply(int port, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HERE, port), 500);
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      byte[] answer = new byte[GREETING];
      int count = in.read(answer);
      return new String(answer, 0, Math.max(0, count), StandardCharsets.UTF_8);
    }
  }

  private record Answer(int status, String body) {}

  private static Answer get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(500);
    connection.setReadTimeout(2_000);
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(status, body);
    }
  }
}
