package dev.skep.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * nginx over a folder: static files by {@code sendfile} on one port and by reading and writing on
 * another, uploads by its dav module on both. No log-in.
 */
public final class Nginx {

  private final Path folder;
  private final int withSendfile;
  private final int withoutSendfile;
  private final Child child;
  private final double startSeconds;

  private Nginx(
      Path folder, int withSendfile, int withoutSendfile, Child child, double startSeconds) {
    this.folder = folder;
    this.withSendfile = withSendfile;
    this.withoutSendfile = withoutSendfile;
    this.child = child;
    this.startSeconds = startSeconds;
  }

  public static Nginx start(Lab lab) throws IOException {
    Path home = lab.newFolder("nginx");
    Path files = Files.createDirectories(home.resolve("files"));
    Files.writeString(files.resolve("ready"), "ready");
    int with = Lab.freePort();
    int without = Lab.freePort();
    Path configuration = Files.writeString(home.resolve("nginx.conf"), text(home, with, without));
    long begin = System.nanoTime();
    Child child =
        lab.start(
            new ProcessBuilder(
                List.of(
                    lab.command("nginx"), "-p", home.toString(), "-c", configuration.toString())));
    Ready.await(child, with, "/ready", "", Duration.ofSeconds(30));
    return new Nginx(files, with, without, child, (System.nanoTime() - begin) / 1e9);
  }

  private static String text(Path home, int with, int without) {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    return """
        daemon off;
        %s
        worker_processes auto;
        pid %2$s/nginx.pid;
        error_log %2$s/error.log;
        events { worker_connections 256; }
        http {
          access_log off;
          client_max_body_size 0;
          client_body_temp_path %2$s/body;
          proxy_temp_path %2$s/proxy;
          fastcgi_temp_path %2$s/fastcgi;
          uwsgi_temp_path %2$s/uwsgi;
          scgi_temp_path %2$s/scgi;
          root %2$s/files;
          dav_methods PUT DELETE;
          server { listen 127.0.0.1:%3$d; sendfile on; tcp_nopush on; }
          server { listen 127.0.0.1:%4$d; sendfile off; output_buffers 2 512k; }
        }
        """
        .formatted(isRoot ? "user root;" : "", home, with, without);
  }

  public Path folder() {
    return folder;
  }

  public String url(String name) {
    return "http://127.0.0.1:" + withSendfile + "/" + name;
  }

  public String urlWithoutSendfile(String name) {
    return "http://127.0.0.1:" + withoutSendfile + "/" + name;
  }

  public long pid() {
    return child.pid();
  }

  public double startSeconds() {
    return startSeconds;
  }
}
