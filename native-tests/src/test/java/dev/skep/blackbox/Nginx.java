package dev.skep.blackbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** nginx before a Skep, set up as the README does, but without TLS. */
final class Nginx implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  private final int port;
  private final Process process;

  private Nginx(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  static Nginx before(Skep skep) {
    Optional<Path> program =
        Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
            .map(folder -> Path.of(folder, "nginx"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(program.isPresent(), "no nginx on this machine");
    try {
      Path home = Skep.newFolder("nginx");
      int port = Site.freePort();
      Path settings = Files.writeString(home.resolve("nginx.conf"), text(home, port, skep));
      Process process =
          new ProcessBuilder(
                  List.of(
                      program.get().toString(),
                      "-p",
                      home.toString(),
                      "-e",
                      home.resolve("error.log").toString(),
                      "-c",
                      settings.toString()))
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("output.txt").toFile())
              .start();
      Nginx nginx = new Nginx(port, process);
      nginx.awaitReady();
      return nginx;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path home, int port, Skep skep) {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    return """
        daemon off;
        %s
        worker_processes 1;
        pid %2$s/nginx.pid;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %2$s/body;
          proxy_temp_path %2$s/proxy;
          fastcgi_temp_path %2$s/fastcgi;
          uwsgi_temp_path %2$s/uwsgi;
          scgi_temp_path %2$s/scgi;
          server {
            listen 127.0.0.1:%3$d;
            location / {
              proxy_pass http://127.0.0.1:%4$d;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            }
          }
        }
        """
        .formatted(isRoot ? "user root;" : "", home, port, skep.port());
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void awaitReady() {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
        return;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("nginx does not listen");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
