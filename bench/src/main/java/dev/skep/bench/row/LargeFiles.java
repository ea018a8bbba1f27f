package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Nginx;
import dev.skep.bench.lab.Proc;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One file of 2 GB down and up, beside nginx and beside the disk. */
public final class LargeFiles implements Row {

  private static final double MEGA = 1e6;
  private static final String DOWN = "download of 2 GB";
  private static final String UP = "upload of 2 GB";

  @Override
  public String name() {
    return "large";
  }

  @Override
  public String about() {
    return "2 GB down and up at -Xmx96m, beside nginx and the disk's own forced write";
  }

  @Override
  public List<String> tools() {
    return List.of("nginx", "curl");
  }

  /** What takes part, and what is measured of it, in MB a second. */
  private static final class Sides {
    private final List<Double> skepDown = new ArrayList<>();
    private final List<Double> sendfile = new ArrayList<>();
    private final List<Double> noSendfile = new ArrayList<>();
    private final List<Double> skepUp = new ArrayList<>();
    private final List<Double> nginxUp = new ArrayList<>();
    private final List<Double> nginxForced = new ArrayList<>();
    private final List<Double> disk = new ArrayList<>();
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    long size = lab.fullOrQuick(2_000_000_000L, 400_000_000L);
    Path source = lab.newFolder("source").resolve("large.bin");
    Disk.makeFile(source, size);
    SkepServer skep = SkepServer.start(lab, lab.newFolder("skep"), "-Xmx96m");
    Nginx nginx = Nginx.start(lab);
    Curl curl = new Curl(lab);
    Sides sides = new Sides();
    lab.say("large: warming up");
    Path served = nginx.folder().resolve("served.bin");
    Files.copy(source, served);
    curl.upload(source, url(skep, "served.bin"), skep.headers());
    curl.download(url(skep, "served.bin"), skep.headers());
    curl.download("http://127.0.0.1:" + nginx.port() + "/served.bin", "");
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      downloads(lab, curl, skep, nginx, size, sides);
      uploads(lab, curl, skep, nginx, source, "up" + round + ".bin", size, sides);
      lab.say(
          "large, round %d of %d, MB/s: down %.0f (nginx %.0f, without sendfile %.0f); up %.0f (nginx %.0f, forced %.0f; disk %.0f)"
              .formatted(
                  round,
                  rounds,
                  sides.skepDown.getLast(),
                  sides.sendfile.getLast(),
                  sides.noSendfile.getLast(),
                  sides.skepUp.getLast(),
                  sides.nginxUp.getLast(),
                  sides.nginxForced.getLast(),
                  sides.disk.getLast()));
    }
    figures(report, sides);
    report.add(
        new Figure(
            name(),
            "peak resident after 2 GB up and down, -Xmx96m",
            "nginx, all its processes",
            Proc.peakMiB(skep.pid()),
            Proc.peakMiB(nginx.pid()),
            "MiB",
            Limit.NONE,
            Map.of()));
    report.notShown(
        "nginx over TLS as the equal run of downloads: content is not encrypted yet, so both run as they come");
    skep.close();
  }

  private static void downloads(
      Lab lab, Curl curl, SkepServer skep, Nginx nginx, long size, Sides sides) throws IOException {
    lab.settle();
    String with = "http://127.0.0.1:" + nginx.port() + "/served.bin";
    String without = "http://127.0.0.1:" + nginx.portWithoutSendfile() + "/served.bin";
    sides.skepDown.add(size / MEGA / curl.download(url(skep, "served.bin"), skep.headers()));
    sides.sendfile.add(size / MEGA / curl.download(with, ""));
    sides.noSendfile.add(size / MEGA / curl.download(without, ""));
  }

  private static void uploads(
      Lab lab,
      Curl curl,
      SkepServer skep,
      Nginx nginx,
      Path source,
      String name,
      long size,
      Sides sides)
      throws IOException {
    String there = "http://127.0.0.1:" + nginx.port() + "/" + name;
    Path stored = nginx.folder().resolve(name);
    lab.settle();
    sides.skepUp.add(size / MEGA / curl.upload(source, url(skep, name), skep.headers()));
    lab.settle();
    sides.nginxUp.add(size / MEGA / curl.upload(source, there, ""));
    Files.delete(stored);
    lab.settle();
    double seconds = curl.upload(source, there, "");
    long begin = System.nanoTime();
    Disk.forceWithFolder(stored);
    sides.nginxForced.add(size / MEGA / (seconds + (System.nanoTime() - begin) / 1e9));
    Files.delete(stored);
    lab.settle();
    sides.disk.add(size / MEGA / Disk.writeForced(stored, size));
    Files.delete(stored);
  }

  private void figures(Report report, Sides sides) {
    add(report, DOWN, "nginx, sendfile", sides.skepDown, sides.sendfile, Limit.atLeast(0.8));
    add(report, DOWN, "nginx, no sendfile", sides.skepDown, sides.noSendfile, Limit.NONE);
    add(report, UP, "nginx dav, as it comes", sides.skepUp, sides.nginxUp, Limit.NONE);
    add(
        report,
        UP,
        "nginx dav, file and folder forced",
        sides.skepUp,
        sides.nginxForced,
        Limit.NONE);
    add(report, UP, "the disk, one forced write", sides.skepUp, sides.disk, Limit.atLeast(0.8));
  }

  private void add(
      Report report,
      String budget,
      String peer,
      List<Double> skep,
      List<Double> other,
      Limit limit) {
    report.add(Figure.ofRounds(name(), budget, peer, skep, other, "MB/s", limit));
  }

  private static String url(SkepServer skep, String path) {
    return "http://127.0.0.1:" + skep.port() + skep.address(path);
  }
}
