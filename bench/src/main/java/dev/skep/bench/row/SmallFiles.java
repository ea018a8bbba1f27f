package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Proc;
import dev.skep.bench.lab.Rclone;
import dev.skep.bench.lab.SkepServer;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** PUT and GET of 4 KB files, 16 at a time, beside {@code rclone serve webdav}. */
public final class SmallFiles implements Row {

  private static final int CONNECTIONS = 16;
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
    SkepServer skep = SkepServer.start(lab, lab.newFolder("skep"));
    Rclone rclone = Rclone.start(lab);
    puts(lab, report, skep, rclone);
    gets(lab, report, skep, rclone);
    skep.close();
  }

  /** One side of a comparison, round by round. */
  private static final class Side {
    private final String name;
    private final FileServer server;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> medianMillis = new ArrayList<>();
    private final List<Double> p99Millis = new ArrayList<>();
    private final List<Double> serverCpuMicros = new ArrayList<>();
    private final List<Double> clientCpuMicros = new ArrayList<>();

    private Side(String name, FileServer server) {
      this.name = name;
      this.server = server;
    }

    void round(Duration time, Load.Step step) throws IOException {
      long self = ProcessHandle.current().pid();
      double server = Proc.cpuSeconds(this.server.pid());
      double client = ownCpu(self);
      Load.Result result = new Load(this.server.port(), CONNECTIONS).during(time, step);
      int count = result.micros().length;
      perSecond.add(result.perSecond());
      medianMillis.add(result.quantileMillis(0.5));
      p99Millis.add(result.quantileMillis(0.99));
      serverCpuMicros.add((Proc.cpuSeconds(this.server.pid()) - server) * 1e6 / count);
      clientCpuMicros.add((ownCpu(self) - client) * 1e6 / count);
    }

    private static double ownCpu(long pid) {
      return ProcessHandle.of(pid)
          .flatMap(handle -> handle.info().totalCpuDuration())
          .map(cpu -> cpu.toNanos() / 1e9)
          .orElse(Double.NaN);
    }

    Map<String, Object> details() {
      Map<String, Object> all = new TreeMap<>();
      all.put("perSecond", perSecond);
      all.put("medianMillis", medianMillis);
      all.put("p99Millis", p99Millis);
      all.put("serverCpuMicros", serverCpuMicros);
      all.put("clientCpuMicros", clientCpuMicros);
      return all;
    }
  }

  private void puts(Lab lab, Report report, SkepServer skep, Rclone rclone) throws IOException {
    Duration warmUp = Duration.ofSeconds(lab.fullOrQuick(20, 5));
    Duration time = Duration.ofSeconds(lab.fullOrQuick(8, 3));
    Uploads ours = new Uploads(skep, false);
    Uploads asItComes = new Uploads(rclone, false);
    Uploads forced = new Uploads(rclone, true);
    Side skepSide = new Side("Skep", skep);
    Side rcloneSide = new Side("rclone", rclone);
    Side forcedSide = new Side("rclone, forced", rclone);
    lab.say(PUT + ": warming up");
    warmUp(ours, warmUp);
    warmUp(asItComes, warmUp.dividedBy(2));
    warmUp(forced, warmUp.dividedBy(2));
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      put(lab, skepSide, ours, "ours" + round, time);
      put(lab, rcloneSide, asItComes, "plain" + round, time);
      put(lab, forcedSide, forced, "forced" + round, time);
      say(lab, PUT, round, rounds, skepSide, rcloneSide, forcedSide);
    }
    report.add(figure(PUT, "rclone as it comes", skepSide, rcloneSide, Limit.NONE));
    report.add(
        figure(PUT, "rclone, file and folder forced", skepSide, forcedSide, Limit.atLeast(1)));
  }

  private static void warmUp(Uploads uploads, Duration time) throws IOException {
    String run = "warm" + (uploads.isForced() ? "forced" : "");
    uploads.prepare(run, CONNECTIONS);
    new Load(uploads.server().port(), CONNECTIONS).during(time, uploads.step(run));
  }

  private static void put(Lab lab, Side side, Uploads uploads, String run, Duration time)
      throws IOException {
    uploads.prepare(run, CONNECTIONS);
    lab.settle();
    side.round(time, uploads.step(run));
  }

  private void gets(Lab lab, Report report, SkepServer skep, Rclone rclone) throws IOException {
    Duration warmUp = Duration.ofSeconds(lab.fullOrQuick(15, 4));
    Duration time = Duration.ofSeconds(lab.fullOrQuick(6, 3));
    Side skepSide = new Side("Skep", skep);
    Side rcloneSide = new Side("rclone", rclone);
    lab.say(GET + ": warming up");
    for (FileServer server : List.of(skep, rclone)) {
      Uploads uploads = new Uploads(server, false);
      uploads.prepare("get", CONNECTIONS);
      new Load(server.port(), CONNECTIONS).times(FILES, uploads.step("get"));
      new Load(server.port(), CONNECTIONS).during(warmUp, get(server));
    }
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      lab.settle();
      skepSide.round(time, get(skep));
      rcloneSide.round(time, get(rclone));
      say(lab, GET, round, rounds, skepSide, rcloneSide);
    }
    report.add(figure(GET, "rclone", skepSide, rcloneSide, Limit.atLeast(1)));
  }

  /** Any of the files, so that neither side answers from its last answer. */
  private static Load.Step get(FileServer server) {
    byte[][] requests = new byte[CONNECTIONS * FILES][];
    for (int i = 0; i < requests.length; i++) {
      String path = "get/" + i % CONNECTIONS + "/" + i / CONNECTIONS + ".bin";
      requests[i] = Wire.request("GET", server.address(path), server.headers(), new byte[0]);
    }
    return (wire, connection, n) -> {
      int status = wire.exchange(requests[ThreadLocalRandom.current().nextInt(requests.length)]);
      if (status != 200 || wire.bodyLength() != Uploads.SIZE) {
        throw new IOException(
            server.name() + ": GET gave " + status + " and " + wire.bodyLength() + " bytes");
      }
    };
  }

  private static void say(Lab lab, String what, int round, int rounds, Side... sides) {
    StringBuilder text = new StringBuilder(what + ", round " + round + " of " + rounds + ":");
    for (Side side : sides) {
      text.append(" %s %.0f/s;".formatted(side.name, side.perSecond.getLast()));
    }
    lab.say(text.toString());
  }

  private Figure figure(String budget, String peer, Side skep, Side other, Limit limit) {
    return new Figure(
        name(),
        budget,
        peer,
        dev.skep.bench.Median.of(skep.perSecond),
        dev.skep.bench.Median.of(other.perSecond),
        "/s",
        limit,
        Map.of("skep", skep.details(), "peer", other.details()));
  }
}
