package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the disk itself can force: what every durable upload is made of. */
public final class DiskRates implements Row {

  private static final int AT_ONCE = 16;

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String about() {
    return "4 KB written and forced, again and again, on the disk of this checkout";
  }

  @Override
  public List<String> tools() {
    return List.of();
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    Path folder = lab.newFolder("disk");
    double seconds = lab.fullOrQuick(8.0, 2.0);
    lab.settle();
    double overwrites = Disk.forcedOverwritesPerSecond(folder.resolve("over"), seconds);
    report.add(info("disk: 4 KB overwritten and forced, 1 at a time", overwrites));
    double appends = Disk.forcedAppendsPerSecond(folder.resolve("append"), seconds);
    report.add(info("disk: 4 KB appended and forced, 1 at a time", appends));
    double together = appendsAtOnce(folder, seconds);
    report.add(info("disk: 4 KB appended and forced, 16 files at once", together));
    lab.say(
        "disk: %.0f/s overwriting, %.0f/s appending, %.0f/s in 16 files"
            .formatted(overwrites, appends, together));
  }

  private Figure info(String budget, double perSecond) {
    return new Figure(name(), budget, "", perSecond, Double.NaN, "/s", Limit.NONE, Map.of());
  }

  private static double appendsAtOnce(Path folder, double seconds) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        Path file = folder.resolve("append-" + i);
        rates.add(threads.submit(() -> appends(file, seconds)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    }
  }

  private static double appends(Path file, double seconds) throws IOException {
    return Disk.forcedAppendsPerSecond(file, seconds);
  }
}
