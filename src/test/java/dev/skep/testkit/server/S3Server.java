package dev.skep.testkit.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * An S3 server as a child process on a free loopback port; or the one that {@code SKEP_TEST_S3_URL}
 * names ({@code http://access-key:secret-key@host:port/bucket}).
 */
public final class S3Server implements AutoCloseable {

  public static final String ACCESS_KEY = "skep-access";
  public static final String SECRET_KEY = "skep-secret-0123456789";

  private static final String NAME = "S3";
  private static final String BUCKET = "skep-test";

  private static final String VERSITYGW = "1.8.0";
  private static final String S3PROXY = "4.1.0";
  private static final Path CACHE =
      Path.of(
          System.getenv()
              .getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"),
          "skep");

  private final @Nullable ServerProcess process;
  private final String host;
  private final int port;
  private final boolean tls;
  private final String bucket;
  private final String accessKey;
  private final String secretKey;

  private S3Server(ServerProcess process, int port, boolean tls) {
    this.process = process;
    this.host = "127.0.0.1";
    this.port = port;
    this.tls = tls;
    this.bucket = BUCKET;
    this.accessKey = ACCESS_KEY;
    this.secretKey = SECRET_KEY;
  }

  private S3Server(GivenServer given) {
    this.process = null;
    this.host = given.host();
    this.port = given.port();
    this.tls = given.tls();
    this.bucket = given.path().isEmpty() ? BUCKET : given.path();
    this.accessKey = given.user().orElse(ACCESS_KEY);
    this.secretKey = given.password().orElse(SECRET_KEY);
  }

  public String endpoint() {
    return (tls ? "https" : "http") + "://" + host + ":" + port;
  }

  public int port() {
    return port;
  }

  public boolean tls() {
    return tls;
  }

  public String bucket() {
    return bucket;
  }

  public String accessKey() {
    return accessKey;
  }

  public String secretKey() {
    return secretKey;
  }

  /** Its process; aborts the test where the server was given. */
  public ServerProcess process() {
    return process == null ? GivenServer.notOurs(NAME) : process;
  }

  /** The given server, or a versitygw of its own. */
  public static S3Server givenOrVersitygw(Path data) throws Exception {
    GivenServer given = GivenServer.named(NAME, 80);
    if (given == null) {
      return versitygw(data);
    }
    announce("given at " + given.host());
    return new S3Server(given);
  }

  /**
   * Starts versitygw; the bucket's files lie in {@code data}, which may be on a disk of its own.
   */
  public static S3Server versitygw(Path data) throws Exception {
    return versitygw(data, List.of());
  }

  /** Starts versitygw with TLS. */
  public static S3Server versitygw(Path data, Certificates.Server certificate) throws Exception {
    return versitygw(
        data,
        List.of(
            "--cert", certificate.certificate().toString(), "--key", certificate.key().toString()));
  }

  private static S3Server versitygw(Path data, List<String> options) throws Exception {
    Path program = versitygwProgram();
    int port = ServerProcess.freePort();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(program.toString(), "--port", "127.0.0.1:" + port, "--quiet", "--keep-alive"));
    command.addAll(List.of("--access", ACCESS_KEY, "--secret", SECRET_KEY));
    command.addAll(options);
    command.addAll(List.of("posix", data.toString()));
    announce("versitygw " + VERSITYGW + (options.isEmpty() ? "" : ", TLS"));
    return new S3Server(start("versitygw", command, port), port, !options.isEmpty());
  }

  /** Starts s3proxy on files in {@code data}. */
  public static S3Server s3proxy(Path data) throws Exception {
    return s3proxy(data, "aws-v2-or-v4");
  }

  /** Starts an s3proxy that lets everybody in and checks no signature. */
  public static S3Server s3proxyForAnybody(Path data) throws Exception {
    return s3proxy(data, "none");
  }

  private static S3Server s3proxy(Path data, String authorization) throws Exception {
    Path jar = s3proxyJar();
    int port = ServerProcess.freePort();
    Path settings = Files.createTempFile("s3proxy", ".properties");
    Files.writeString(
        settings,
        """
        s3proxy.authorization=%s
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(authorization, port, ACCESS_KEY, SECRET_KEY, data));
    settings.toFile().deleteOnExit();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar.toString(),
            "--properties",
            settings.toString());
    announce("s3proxy " + S3PROXY);
    return new S3Server(start("s3proxy", command, port), port, false);
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  private static ServerProcess start(String name, List<String> command, int port) throws Exception {
    return ServerProcess.start(
        name, Files.createTempDirectory("skep-" + name), command, () -> listens(port));
  }

  private static boolean listens(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    }
  }

  private static void announce(String server) {
    System.out.println("[server] objects s3 " + server);
  }

  private static Path versitygwProgram() throws Exception {
    Path cached = CACHE.resolve("go/bin/versitygw");
    Stream<Path> onPath =
        Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, "versitygw"));
    Path found =
        Stream.concat(Stream.of(cached), onPath)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (found != null) {
      return found;
    }
    Assumptions.assumeTrue(
        ServerProcess.isInstalled("go"),
        "no versitygw: install Go, or set SKEP_TEST_S3_URL to a server's address");
    run(
        List.of(
            "env",
            "GOBIN=" + cached.getParent(),
            "go",
            "install",
            "github.com/versity/versitygw/cmd/versitygw@v" + VERSITYGW));
    Assumptions.assumeTrue(Files.isExecutable(cached), "versitygw could not be built with Go");
    return cached;
  }

  private static Path s3proxyJar() throws Exception {
    Path folder = CACHE.resolve("s3proxy");
    Path jar = folder.resolve("s3proxy-" + S3PROXY + "-jar-with-dependencies.jar");
    if (!Files.exists(jar)) {
      run(
          List.of(
              maven(),
              "-B",
              "-q",
              "dependency:copy",
              "-Dartifact=org.gaul:s3proxy:" + S3PROXY + ":jar:jar-with-dependencies",
              "-DoutputDirectory=" + folder));
    }
    Assumptions.assumeTrue(Files.exists(jar), "s3proxy could not be fetched with Maven");
    return jar;
  }

  private static String maven() {
    String home = System.getProperty("maven.home", "");
    return home.isEmpty() ? "mvn" : home + "/bin/mvn";
  }

  /** What it cannot do is found out by looking for its result. */
  private static void run(List<String> command) throws Exception {
    System.out.println("Bringing an S3 server: " + String.join(" ", command));
    Path folder = Files.createTempDirectory("skep-install");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
  }
}
