package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Proc;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The whole process' memory under transfers at {@code -Xmx96m}: what a file is long must not show.
 * Each figure is of a fresh process, beside one that moves as many bytes in smaller files.
 */
public final class Memory implements Row {

  private static final int AT_ONCE = 16;

  /** Constant memory, but for what the collector and the allocator happen to do. */
  private static final Limit CONSTANT = Limit.atMost(1.25);

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "resident memory at -Xmx96m: 2 GB up and down, then 16 uploads of 200 MB at once";
  }

  @Override
  public List<String> tools() {
    return List.of("curl");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    long large = lab.fullOrQuick(2_000_000_000L, 400_000_000L);
    long part = lab.fullOrQuick(200_000_000L, 40_000_000L);
    report.add(
        figure(
            "peak resident, " + Sizes.text(large) + " up and down, -Xmx96m",
            "Skep with 100 times " + Sizes.text(large / 100),
            upAndDown(lab, large, 1),
            upAndDown(lab, large / 100, 100)));
    report.add(
        figure(
            "peak resident, 16 uploads of " + Sizes.text(part) + " at once, -Xmx96m",
            "Skep with 10 times 16 of " + Sizes.text(part / 10),
            atOnce(lab, part, 1),
            atOnce(lab, part / 10, 10)));
  }

  private Figure figure(String budget, String peer, double large, double small) {
    return new Figure(name(), budget, peer, large, small, "MiB", CONSTANT, Map.of());
  }

  private static double upAndDown(Lab lab, long size, int times) throws IOException {
    Path source = source(lab, size);
    Path data = lab.newFolder("skep");
    Curl curl = new Curl(lab);
    try (SkepServer skep = SkepServer.start(lab, data, "-Xmx96m")) {
      for (int i = 0; i < times; i++) {
        String url = skep.url("file-" + i + ".bin");
        curl.upload(source, url, skep.headers());
        curl.download(url, skep.headers());
      }
      return peak(lab, skep, times + " times " + Sizes.text(size) + " up and down");
    } finally {
      lab.remove(data);
      lab.remove(source);
    }
  }

  private static double atOnce(Lab lab, long size, int times) throws IOException {
    Path source = source(lab, size);
    Path data = lab.newFolder("skep");
    try (SkepServer skep = SkepServer.start(lab, data, "-Xmx96m")) {
      for (int i = 0; i < times; i++) {
        String folder = i + "/";
        List<String> urls =
            IntStream.range(0, AT_ONCE).mapToObj(n -> skep.url(folder + n + ".bin")).toList();
        new Curl(lab).upload(source, urls, skep.headers());
      }
      return peak(lab, skep, times + " times 16 uploads of " + Sizes.text(size) + " at once");
    } finally {
      lab.remove(data);
      lab.remove(source);
    }
  }

  private static double peak(Lab lab, SkepServer skep, String what) throws IOException {
    double peak = Proc.peakMiB(skep.pid());
    lab.say("memory: %s: %.0f MiB".formatted(what, peak));
    return peak;
  }

  private static Path source(Lab lab, long size) throws IOException {
    Path source = lab.newFolder("source").resolve("source.bin");
    Disk.makeFile(source, size);
    return source;
  }
}
