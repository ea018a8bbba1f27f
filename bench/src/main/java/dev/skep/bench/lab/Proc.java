package dev.skep.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process. */
public final class Proc {

  private static final double TICKS_PER_SECOND = 100;

  private Proc() {}

  /** Its resident memory now, in MiB, with that of what it has started. */
  public static double residentMiB(long pid) throws IOException {
    return sum(pid, "VmRSS:");
  }

  /** The most that was ever resident, in MiB; a server of several processes counts all of them. */
  public static double peakMiB(long pid) throws IOException {
    return sum(pid, "VmHWM:");
  }

  /** The processor time it has used so far, in seconds. */
  public static double cpuSeconds(long pid) throws IOException {
    double own = cpuOf(pid);
    for (ProcessHandle below : below(pid)) {
      own += cpuOf(below.pid());
    }
    return own;
  }

  /** The processor time of this process: of who measures. */
  public static double ownCpuSeconds() throws IOException {
    return cpuOf(ProcessHandle.current().pid());
  }

  private static double cpuOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static double sum(long pid, String key) throws IOException {
    double sum = kibibytes(pid, key);
    for (ProcessHandle below : below(pid)) {
      sum += kibibytes(below.pid(), key);
    }
    return sum / 1024;
  }

  private static Iterable<ProcessHandle> below(long pid) {
    return ProcessHandle.of(pid).map(handle -> handle.descendants().toList()).orElseThrow();
  }

  private static double kibibytes(long pid, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(key))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow();
  }
}
