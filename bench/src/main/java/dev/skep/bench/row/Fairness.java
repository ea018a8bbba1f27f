package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.AnotherPerson;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.SkepServer;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a person waits while another sends 256 requests at once, beside what he waits alone; and
 * what such a flood gets, beside what 16 connections get.
 */
public final class Fairness implements Row {

  private static final int FLOOD = 256;
  private static final int FEW = 16;
  private static final int FILES = 4;

  /** Until the flood is there, and until it is gone. */
  private static final Duration AROUND = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "fair";
  }

  @Override
  public String about() {
    return "a person's requests, one at a time, beside another's flood of 256 at once";
  }

  @Override
  public List<String> tools() {
    return List.of();
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    try (SkepServer skep = SkepServer.start(lab, lab.newFolder("skep"))) {
      FileServer other = AnotherPerson.on(skep, "other");
      new Load(skep.port(), FLOOD).times(FILES, uploads(skep).into("files", FLOOD));
      new Load(skep.port(), 1).times(FILES, uploads(other).into("files", 1));
      compare(lab, report, skep.port(), "GET 4 KB", gets(skep, FLOOD), gets(other, 1));
      compare(lab, report, skep.port(), "list", lists(skep, FLOOD), lists(other, 1));
      compare(
          lab,
          report,
          skep.port(),
          "PUT 4 KB",
          uploads(skep).into("flood", FLOOD),
          uploads(other).into("flood", 1));
    }
  }

  private void compare(
      Lab lab, Report report, int port, String what, Load.Step flood, Load.Step one)
      throws IOException {
    Duration time = Duration.ofSeconds(lab.fullOrQuick(6, 2));
    lab.say(what + ": warming up");
    // Uploads need a new name each time.
    int[] runs = {0};
    Load.Step flooding = later(flood, runs);
    Load.Step single = later(one, runs);
    next(runs);
    new Load(port, FEW).during(Duration.ofSeconds(lab.fullOrQuick(15, 6)), flooding);
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    List<Double> many = new ArrayList<>();
    List<Double> few = new ArrayList<>();
    int rounds = lab.fullOrQuick(5, 2);
    for (int round = 1; round <= rounds; round++) {
      next(runs);
      alone.add(new Load(port, 1).during(time, single).quantileMillis(0.5));
      next(runs);
      few.add(new Load(port, FEW).during(time, flooding).perSecond());
      next(runs);
      both(port, time, flooding, single, many, beside);
      lab.say(
          "%s, round %d of %d: alone %.2f ms, beside a flood %.2f ms; flood %.0f/s, 16 at a time %.0f/s"
              .formatted(
                  what,
                  round,
                  rounds,
                  alone.getLast(),
                  beside.getLast(),
                  many.getLast(),
                  few.getLast()));
    }
    report.add(
        Figure.ofRounds(
            name(),
            what + " beside a flood of " + FLOOD + ", median",
            "alone",
            beside,
            alone,
            "ms",
            Limit.atMost(5)));
    report.add(
        Figure.ofRounds(
            name(),
            what + ", a flood of " + FLOOD,
            FEW + " at a time",
            many,
            few,
            "/s",
            Limit.atLeast(0.9)));
  }

  private static void both(
      int port,
      Duration time,
      Load.Step flood,
      Load.Step one,
      List<Double> many,
      List<Double> beside)
      throws IOException {
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Load.Result> running =
          threads.submit(
              () -> new Load(port, FLOOD).during(time.plus(AROUND.multipliedBy(2)), flood));
      Thread.sleep(AROUND);
      beside.add(new Load(port, 1).during(time, one).quantileMillis(0.5));
      many.add(running.get().perSecond());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw new IOException("the flood: " + e.getCause(), e.getCause());
    }
  }

  /** The n-th request is another one in each run. */
  private static Load.Step later(Load.Step step, int[] runs) {
    return (wire, connection, n) -> step.once(wire, connection, runs[0] * 1_000_000 + n);
  }

  private static void next(int[] runs) {
    runs[0]++;
  }

  private static Uploads uploads(FileServer server) {
    return new Uploads(server, SmallFiles.SIZE, false);
  }

  private static Load.Step gets(FileServer server, int connections) {
    return new Downloads(server, "files", connections, FILES, SmallFiles.SIZE).step();
  }

  private static Load.Step lists(FileServer server, int connections) {
    byte[][] requests = new byte[connections][];
    for (int i = 0; i < connections; i++) {
      requests[i] =
          Wire.request("GET", server.address("files/" + i) + "/", server.headers(), new byte[0]);
    }
    return (wire, connection, n) -> {
      int status = wire.exchange(requests[connection]);
      if (status != 200) {
        throw new IOException("a list gave " + status + ": " + wire.body());
      }
    };
  }
}
