package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Median;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Nginx;
import dev.skep.bench.lab.Proc;
import dev.skep.bench.lab.Rclone;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From exec to the first 200, as the artefact comes and with the AOT cache of the build. */
public final class Start implements Row {

  private static final Limit BUDGET = Limit.absolute(1.5, "s");

  /** Rather no start than one that silently does without the cache. */
  private static final String ON = "-XX:AOTMode=on";

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "exec to first 200, as it comes and with an AOT cache; resident memory when idle";
  }

  @Override
  public List<String> tools() {
    return List.of("rclone", "nginx");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    Path data = lab.newFolder("skep");
    SkepServer.start(lab, data).close();
    Path cache = cache(lab);
    List<Double> plain = new ArrayList<>();
    List<Double> cached = new ArrayList<>();
    List<Double> idle = new ArrayList<>();
    List<Double> rclone = new ArrayList<>();
    List<Double> nginx = new ArrayList<>();
    int rounds = lab.fullOrQuick(7, 3);
    for (int round = 0; round < rounds; round++) {
      plain.add(seconds(lab, data));
      cached.add(seconds(lab, data, ON, "-XX:AOTCache=" + cache));
      rclone.add(Rclone.start(lab).startSeconds());
      nginx.add(Nginx.start(lab).startSeconds());
      lab.say(
          "start: %.2f s, with AOT cache %.2f s (rclone %.2f s, nginx %.2f s)"
              .formatted(plain.getLast(), cached.getLast(), rclone.getLast(), nginx.getLast()));
    }
    idle.add(idle(lab, data, ON, "-XX:AOTCache=" + cache));
    report.add(
        Figure.ofRounds(
            name(), "exec to first 200, as it comes", "rclone", plain, rclone, "s", Limit.NONE));
    report.add(
        Figure.ofRounds(
            name(), "exec to first 200, AOT cache", "nginx", cached, nginx, "s", BUDGET));
    report.add(
        new Figure(
            name(),
            "resident when idle, JVM as it comes",
            "with AOT cache",
            idle(lab, data),
            Median.of(idle),
            "MiB",
            Limit.NONE,
            Map.of("cacheMiB", Files.size(cache) / 1048576.0)));
  }

  /** The one that {@code ./skep build} has made, and {@code ./skep run} uses. */
  private static Path cache(Lab lab) throws IOException {
    Path cache = lab.checkout().resolve("target/skep.aot");
    if (!Files.exists(cache)) {
      throw new IOException(cache + " is not there; make it first: ./skep build");
    }
    return cache;
  }

  private static double seconds(Lab lab, Path data, String... options) throws IOException {
    try (SkepServer skep = SkepServer.start(lab, data, options)) {
      return skep.startSeconds();
    }
  }

  private static double idle(Lab lab, Path data, String... options) throws Exception {
    try (SkepServer skep = SkepServer.start(lab, data, options)) {
      Thread.sleep(lab.fullOrQuick(15_000, 3_000));
      return Proc.residentMiB(skep.pid());
    }
  }
}
