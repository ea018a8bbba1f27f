package dev.skep.bench.row;

import static dev.skep.bench.row.RatedServer.CONNECTIONS;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Rclone;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** PUT and GET of 4 KB files, 16 at a time, beside {@code rclone serve webdav}. */
public final class SmallFiles implements Row {

  static final int SIZE = 4096;

  /** How many files each connection has uploaded before the downloads. */
  private static final int FILES = 256;

  private static final String PUT = "PUT 4 KB, 16 at a time";
  private static final String GET = "GET 4 KB, 16 at a time";

  @Override
  public String name() {
    return "small";
  }

  @Override
  public String about() {
    return "PUT and GET of 4 KB files, 16 at a time, beside rclone serve webdav, both with log-in";
  }

  @Override
  public List<String> tools() {
    return List.of("rclone");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    try (SkepServer skep = SkepServer.start(lab, lab.newFolder("skep"))) {
      Rclone rclone = Rclone.start(lab);
      puts(lab, report, skep, rclone);
      gets(lab, report, skep, rclone);
    }
  }

  private void puts(Lab lab, Report report, FileServer skep, FileServer rclone) throws IOException {
    RatedServer ours = new RatedServer("Skep", skep);
    RatedServer plain = new RatedServer("rclone", rclone);
    RatedServer forced = new RatedServer("rclone, forced", rclone);
    Uploads toSkep = new Uploads(skep, SIZE, false);
    Uploads toRclone = new Uploads(rclone, SIZE, false);
    Uploads toForced = new Uploads(rclone, SIZE, true);
    lab.say(PUT + ": warming up");
    Duration warmUp = Duration.ofSeconds(lab.fullOrQuick(30, 12));
    ours.warmUp(warmUp, toSkep.into("warm", CONNECTIONS));
    plain.warmUp(warmUp.dividedBy(3), toRclone.into("warm", CONNECTIONS));
    forced.warmUp(warmUp.dividedBy(3), toForced.into("warm-forced", CONNECTIONS));
    Duration time = Duration.ofSeconds(lab.fullOrQuick(8, 3));
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      ours.round(lab, time, toSkep.into("round" + round, CONNECTIONS));
      plain.round(lab, time, toRclone.into("round" + round, CONNECTIONS));
      forced.round(lab, time, toForced.into("forced" + round, CONNECTIONS));
      say(lab, PUT, round, rounds, ours, plain, forced);
    }
    report.add(rate(PUT, "rclone as it comes", ours, plain, Limit.NONE));
    report.add(rate(PUT, "rclone, file and folder forced", ours, forced, Limit.atLeast(1)));
    report.add(cpu("processor time of the server for one PUT", ours, plain));
  }

  private void gets(Lab lab, Report report, FileServer skep, FileServer rclone) throws IOException {
    RatedServer ours = new RatedServer("Skep", skep);
    RatedServer theirs = new RatedServer("rclone", rclone);
    lab.say(GET + ": warming up");
    for (RatedServer side : List.of(ours, theirs)) {
      Uploads uploads = new Uploads(side.server(), SIZE, false);
      new Load(side.server().port(), CONNECTIONS).times(FILES, uploads.into("get", CONNECTIONS));
      side.warmUp(Duration.ofSeconds(lab.fullOrQuick(20, 8)), downloads(side.server()));
    }
    Duration time = Duration.ofSeconds(lab.fullOrQuick(6, 3));
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      ours.round(lab, time, downloads(skep));
      theirs.round(lab, time, downloads(rclone));
      say(lab, GET, round, rounds, ours, theirs);
    }
    report.add(rate(GET, "rclone", ours, theirs, Limit.atLeast(1)));
    report.add(cpu("processor time of the server for one GET", ours, theirs));
  }

  private static Load.Step downloads(FileServer server) {
    return new Downloads(server, "get", CONNECTIONS, FILES, SIZE).step();
  }

  private static void say(Lab lab, String what, int round, int rounds, RatedServer... sides) {
    List<String> last = List.of(sides).stream().map(RatedServer::last).toList();
    lab.say(what + ", round " + round + " of " + rounds + ": " + String.join(", ", last));
  }

  private Figure rate(
      String budget, String peer, RatedServer skep, RatedServer other, Limit limit) {
    return new Figure(
        name(),
        budget,
        peer,
        skep.perSecond(),
        other.perSecond(),
        "/s",
        limit,
        Map.of("skep", skep.details(), "peer", other.details()));
  }

  private Figure cpu(String budget, RatedServer skep, RatedServer other) {
    return new Figure(
        name(), budget, "rclone", skep.cpuMillis(), other.cpuMillis(), "ms", Limit.NONE, Map.of());
  }
}
