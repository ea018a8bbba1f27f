package dev.skep.bench;

import dev.skep.bench.lab.Lab;
import dev.skep.bench.row.Clone;
import dev.skep.bench.row.ClusteredPorts;
import dev.skep.bench.row.DiskRates;
import dev.skep.bench.row.Fairness;
import dev.skep.bench.row.Folders;
import dev.skep.bench.row.Forces;
import dev.skep.bench.row.LargeFiles;
import dev.skep.bench.row.Memory;
import dev.skep.bench.row.Replicas;
import dev.skep.bench.row.Row;
import dev.skep.bench.row.SmallFiles;
import dev.skep.bench.row.Start;
import dev.skep.bench.row.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Measures Skep beside its peers and prints one table of it. */
public final class Bench {

  private static final List<Row> ROWS =
      List.of(
          new DiskRates(),
          new SmallFiles(),
          new Forces(),
          new LargeFiles(),
          new Memory(),
          new Fairness(),
          new Folders(),
          new Trees(),
          new ClusteredPorts(),
          new Replicas(),
          new Start(),
          new Clone());

  private Bench() {}

  /** The exit code is 0 when every row could be measured, whatever it showed. */
  public static void main(String[] arguments) throws IOException {
    List<String> names = ROWS.stream().map(Row::name).toList();
    Options options;
    try {
      options = Options.of(List.of(arguments), names);
    } catch (IllegalArgumentException e) {
      System.err.println("skep: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(measure(options) ? 0 : 1);
  }

  private static boolean measure(Options options) throws IOException {
    Report report = new Report();
    Machine machine;
    try (Lab lab = Lab.open(options.checkout(), options.quick(), options.cold())) {
      machine = Machine.of(lab);
      if (machine.isBusy()) {
        lab.say("this machine is busy with something else: the figures will be noisy");
      }
      for (Row row : ROWS) {
        if (options.wants(row.name()) && !lab.isClosed()) {
          measure(row, lab, report);
        }
      }
    }
    report.notShown(
        "native start within 100 ms and 100 MB idle: the native image is built elsewhere, not on this machine");
    report.notShown("search in a tree of 1,000,000 nodes: not part of the product yet");
    report.notShown("killed replicas: ./skep cluster --demo counts what they lose");
    System.out.print(Table.of(machine, report, options.quick()));
    if (options.json() != null) {
      Files.writeString(options.json(), Json.of(machine, report, options.quick()));
    }
    return report.failures().isEmpty();
  }

  private static void measure(Row row, Lab lab, Report report) {
    List<String> missing = lab.missing(row.tools());
    if (!missing.isEmpty()) {
      report.failed(row.name(), "needs " + String.join(", ", missing) + ", not found here");
      return;
    }
    lab.say(row.name() + ": " + row.about());
    long begin = System.nanoTime();
    try {
      row.measure(lab, report);
    } catch (Exception e) {
      if (lab.isClosed()) {
        report.failed(row.name(), "interrupted");
        return;
      }
      e.printStackTrace();
      report.failed(row.name(), e.toString());
    } finally {
      lab.say(row.name() + ": ending its processes, removing its files");
      lab.stopAll();
    }
    lab.say("%s: done in %.0f s".formatted(row.name(), (System.nanoTime() - begin) / 1e9));
  }
}
