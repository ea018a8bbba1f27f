package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Rclone;
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

  /** The shim forces the file and its folder; strace sees only the server beside it. */
  private static final int OF_THE_SHIM = 2;

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
    return List.of("strace", "rclone");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    Path ofSkep = lab.newFolder("strace").resolve("skep");
    Path ofRclone = lab.newFolder("strace").resolve("rclone");
    try (SkepServer skep = SkepServer.start(lab, strace(lab, ofSkep), lab.newFolder("skep"))) {
      Rclone rclone = Rclone.start(lab, strace(lab, ofRclone));
      for (int connections : List.of(1, 16)) {
        double ours = perUpload(skep, false, ofSkep, connections);
        double theirs = perUpload(rclone, true, ofRclone, connections) + OF_THE_SHIM;
        lab.say("forces: %d at a time: %.2f beside %.2f".formatted(connections, ours, theirs));
        report.add(figure(connections, ours, theirs));
      }
    }
  }

  private Figure figure(int connections, double ours, double theirs) {
    return new Figure(
        name(),
        "forces for one PUT of 4 KB, " + connections + " at a time",
        "rclone, file and folder forced",
        ours,
        theirs,
        "forces",
        Limit.NONE,
        Map.of("uploads", FILES));
  }

  private static List<String> strace(Lab lab, Path trace) {
    return List.of(
        lab.command("strace"),
        "-f",
        "--seccomp-bpf",
        "-e",
        "trace=fsync,fdatasync,sync_file_range,msync",
        "-o",
        trace.toString());
  }

  private static double perUpload(FileServer server, boolean isForced, Path trace, int connections)
      throws IOException, InterruptedException {
    Load.Step step =
        new Uploads(server, SmallFiles.SIZE, isForced).into("traced" + connections, connections);
    long before = forces(trace);
    new Load(server.port(), connections).times(FILES / connections, step);
    return (double) (forces(trace) - before) / FILES;
  }

  /** A call that another thread's line interrupts has a second line, which says so. */
  private static long forces(Path trace) throws IOException, InterruptedException {
    Thread.sleep(500);
    try (Stream<String> lines = Files.lines(trace)) {
      return lines.filter(line -> line.contains("sync") && !line.contains("resumed>")).count();
    }
  }
}
