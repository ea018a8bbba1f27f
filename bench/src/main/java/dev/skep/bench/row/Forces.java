package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How often the disk is forced for one acknowledged upload; counted, not timed. */
public final class Forces implements Row {

  private static final int FILES = 640;

  /** The shim forces the file and its folder, by what it is. */
  private static final double OF_THE_SHIM = 2;

  @Override
  public String name() {
    return "forces";
  }

  @Override
  public String about() {
    return "forces for each acknowledged upload of 4 KB, counted by strace";
  }

  @Override
  public List<String> tools() {
    return List.of("strace");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    Path trace = lab.newFolder("strace").resolve("trace");
    List<String> strace =
        List.of(
            lab.command("strace"),
            "-f",
            "--seccomp-bpf",
            "-e",
            "trace=fsync,fdatasync,sync_file_range,msync",
            "-o",
            trace.toString());
    SkepServer skep = SkepServer.start(lab, strace, lab.newFolder("skep"));
    for (int connections : List.of(1, 16)) {
      double forces = perUpload(skep, trace, connections);
      lab.say("forces: %.2f an upload, %d at a time".formatted(forces, connections));
      report.add(
          new Figure(
              name(),
              "forces for an upload of 4 KB, " + connections + " at a time",
              "rclone, file and folder forced",
              forces,
              OF_THE_SHIM,
              "forces",
              Limit.NONE,
              Map.of("uploads", FILES)));
    }
    skep.close();
  }

  private static double perUpload(SkepServer skep, Path trace, int connections) throws Exception {
    Uploads uploads = new Uploads(skep, false);
    String run = "traced" + connections;
    uploads.prepare(run, connections);
    long before = lines(trace);
    new Load(skep.port(), connections).times(FILES / connections, uploads.step(run));
    return (double) (lines(trace) - before) / FILES;
  }

  /** Each force begins one line; a call that another thread's line interrupts has a second one. */
  private static long lines(Path trace) throws IOException, InterruptedException {
    Thread.sleep(500);
    try (Stream<String> lines = Files.lines(trace)) {
      return lines.filter(line -> line.contains("sync") && !line.contains("resumed>")).count();
    }
  }
}
