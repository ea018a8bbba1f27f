package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Child;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Ready;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** From {@code git clone} to the first 200 of {@code ./skep run}. */
public final class Clone implements Row {

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public String name() {
    return "clone";
  }

  @Override
  public String about() {
    return "git clone of what is committed here, then ./skep run, to the first 200";
  }

  @Override
  public List<String> tools() {
    return List.of("git");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    add(report, "fresh clone to first 200, libraries there", seconds(lab, Map.of()), 15);
    if (!lab.isCold()) {
      report.notShown("fresh clone with an empty Maven repository (180 s): only with --cold");
      return;
    }
    Path empty = lab.newFolder("repository");
    double cold = seconds(lab, Map.of("MAVEN_ARGS", "-Dmaven.repo.local=" + empty));
    add(report, "fresh clone to first 200, empty Maven repository", cold, 180);
  }

  private void add(Report report, String budget, double seconds, double limit) {
    report.add(
        new Figure(
            name(), budget, "", seconds, Double.NaN, "s", Limit.absolute(limit, "s"), Map.of()));
  }

  private static double seconds(Lab lab, Map<String, String> environment) throws IOException {
    Path clone = lab.newFolder("clone");
    int port = Lab.freePort();
    long begin = System.nanoTime();
    lab.run(
        Duration.ofMinutes(2),
        "git",
        "clone",
        "-q",
        "--no-hardlinks",
        lab.checkout().toString(),
        clone.toString());
    ProcessBuilder run = new ProcessBuilder(clone.resolve("skep").toString(), "run");
    run.environment().keySet().removeIf(name -> name.startsWith("SKEP_"));
    run.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    run.environment().put("SKEP_DATA", clone.resolve("data").toString());
    run.environment().putAll(environment);
    try (Child child = lab.start(run.directory(clone.toFile()))) {
      Ready.await(child, port, "/q/health/ready", "", PATIENCE);
      double seconds = (System.nanoTime() - begin) / 1e9;
      lab.say("clone: first 200 after %.1f s".formatted(seconds));
      return seconds;
    }
  }
}
