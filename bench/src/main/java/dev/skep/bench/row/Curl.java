package dev.skep.bench.row;

import dev.skep.bench.lab.Child;
import dev.skep.bench.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Transfers by {@code curl}, a process each: the same client for every side. */
record Curl(Lab lab) {

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Downloads into nothing; the seconds it took. */
  double download(String url, String headers) throws IOException {
    return timed(start(headers, "-o", "/dev/null", url));
  }

  double upload(Path file, String url, String headers) throws IOException {
    return timed(start(headers, "-T", file.toString(), "-o", "/dev/null", url));
  }

  /** The same file to several addresses at once. */
  double upload(Path file, List<String> urls, String headers) throws IOException {
    long begin = System.nanoTime();
    List<Child> all = new ArrayList<>();
    for (String url : urls) {
      all.add(start(headers, "-T", file.toString(), "-o", "/dev/null", url));
    }
    for (Child each : all) {
      finish(each);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double timed(Child child) throws IOException {
    finish(child);
    String[] words = child.output().strip().split("\\s+");
    return Double.parseDouble(words[words.length - 1]);
  }

  private static void finish(Child child) throws IOException {
    int code = child.await(PATIENCE);
    if (code != 0) {
      throw new IOException("curl ended with " + code + ": " + child.output());
    }
  }

  private Child start(String headers, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(lab.command("curl"), "-q", "-fsS", "-w", "%{time_total}"));
    headers
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> command.addAll(List.of("-H", line)));
    command.addAll(List.of(arguments));
    return lab.start(new ProcessBuilder(command));
  }
}
