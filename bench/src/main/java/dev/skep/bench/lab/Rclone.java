package dev.skep.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code rclone serve webdav} with a log-in, over a folder of its own. */
public final class Rclone implements FileServer {

  private static final String USER = "bench";
  private static final String PASSWORD = "a-password-of-the-bench";

  private final Path folder;
  private final int port;
  private final Child child;
  private final double startSeconds;

  private Rclone(Path folder, int port, Child child, double startSeconds) {
    this.folder = folder;
    this.port = port;
    this.child = child;
    this.startSeconds = startSeconds;
  }

  public static Rclone start(Lab lab) throws IOException {
    return start(lab, List.of());
  }

  /** The same below another command, such as {@code strace}. */
  public static Rclone start(Lab lab, List<String> under) throws IOException {
    Path folder = lab.newFolder("rclone");
    int port = Lab.freePort();
    List<String> command = new ArrayList<>(under);
    command.addAll(List.of(lab.command("rclone"), "serve", "webdav", folder.toString()));
    command.addAll(List.of("--addr", "127.0.0.1:" + port, "--user", USER, "--pass", PASSWORD));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("RCLONE_CONFIG", "/dev/null");
    long begin = System.nanoTime();
    Child child = lab.start(builder);
    Ready.await(child, port, "/", login(), Duration.ofSeconds(30));
    return new Rclone(folder, port, child, (System.nanoTime() - begin) / 1e9);
  }

  private static String login() {
    return "Authorization: " + SkepServer.basic(USER, PASSWORD) + "\r\n";
  }

  @Override
  public String name() {
    return "rclone";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public double cpuSeconds() throws IOException {
    return Proc.cpuSeconds(child.pid());
  }

  public double startSeconds() {
    return startSeconds;
  }

  @Override
  public String headers() {
    return login();
  }

  @Override
  public String address(String path) {
    return "/" + path;
  }

  @Override
  public void makeFolder(Wire wire, String path) throws IOException {
    int status = wire.exchange(Wire.request("MKCOL", address(path), login(), new byte[0]));
    if (status != 201) {
      throw new IOException("MKCOL " + path + " gave " + status + ": " + wire.body());
    }
  }

  @Override
  public Optional<Path> stored(String path) {
    return Optional.of(folder.resolve(path));
  }
}
