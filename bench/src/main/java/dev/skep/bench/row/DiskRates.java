package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Median;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
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
    double seconds = lab.fullOrQuick(3.0, 1.0);
    List<Double> overwrites = new ArrayList<>();
    List<Double> appends = new ArrayList<>();
    List<Double> together = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      Path files = lab.newFolder("round");
      lab.settle();
      overwrites.add(Disk.forcedOverwritesPerSecond(folder.resolve("over" + round), seconds));
      appends.add(Disk.forcedAppendsPerSecond(folder.resolve("append" + round), seconds));
      together.add(appendsAtOnce(files, seconds));
      lab.say(
          "disk, round %d of 3: %.0f/s overwriting, %.0f/s appending, %.0f/s to 16 files at once"
              .formatted(round, overwrites.getLast(), appends.getLast(), together.getLast()));
    }
    report.add(info("disk: 4 KB overwritten and forced, 1 at a time", overwrites));
    report.add(info("disk: 4 KB appended and forced, 1 at a time", appends));
    report.add(info("disk: 4 KB appended and forced, 16 files at once", together));
  }

  private Figure info(String budget, List<Double> rounds) {
    Map<String, Object> details = Map.of("rounds", rounds);
    return new Figure(name(), budget, "", Double.NaN, Median.of(rounds), "/s", Limit.NONE, details);
  }

  private static double appendsAtOnce(Path folder, double seconds) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        Path file = folder.resolve("append-" + i);
        rates.add(threads.submit(() -> Disk.forcedAppendsPerSecond(file, seconds)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    }
  }
}
