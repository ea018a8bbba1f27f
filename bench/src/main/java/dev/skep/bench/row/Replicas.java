package dev.skep.bench.row;

import static dev.skep.bench.row.RatedServer.CONNECTIONS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.SharedDrive;
import dev.skep.bench.lab.Wire;
import dev.skep.cluster.server.Replica;
import dev.skep.cluster.server.Server;
import dev.skep.cluster.server.Servers;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Small requests through a balancer to one, two and three replicas on the same servers. All three
 * run all the time, so that the sides can take turns; what differs is how many get requests.
 */
public final class Replicas implements Row {

  private static final int MOST = 3;
  private static final int IN_A_ROW = 4096;
  private static final int AS_OBJECT = 64 * 1024;
  private static final int SMALL_FILES = 64;
  private static final int LARGE_FILES = 16;
  private static final int ENTRIES = 100;

  /** What clients do again and again. */
  private record Work(String title, Making making) {}

  private interface Making {
    /**
     * @param run a name that no other round has
     */
    Load.Step on(SharedDrive drive, String run) throws IOException;
  }

  @Override
  public String name() {
    return "replicas";
  }

  @Override
  public String about() {
    return "PUT, GET, stat and list through a balancer to 1, 2 and 3 replicas on shared servers";
  }

  @Override
  public List<String> tools() {
    return ClusteredPorts.SERVERS;
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    try (Site site = Site.open(lab.checkout(), false)) {
      String password = Servers.secret();
      List<Server> servers = Servers.start(site);
      List<Replica> replicas = Replica.startAll(site, lab.checkout(), MOST, servers, password);
      List<SharedDrive> drives = new ArrayList<>();
      try {
        for (int used = 1; used <= MOST; used++) {
          drives.add(SharedDrive.before(servers, replicas, used, password));
        }
        List<Work> works = works(drives.getLast());
        lab.say("replicas: warming up");
        // Three JITs share the cores with what they compile.
        warmUp(works.getFirst(), drives.getLast(), lab.fullOrQuick(45, 6));
        for (Work work : works) {
          measure(lab, report, work, drives);
        }
      } finally {
        drives.forEach(SharedDrive::close);
      }
    }
  }

  private static List<Work> works(SharedDrive drive) throws IOException {
    upload(drive, "small", CONNECTIONS, SMALL_FILES, IN_A_ROW);
    upload(drive, "large", CONNECTIONS, LARGE_FILES, AS_OBJECT);
    upload(drive, "listed", 1, ENTRIES, IN_A_ROW);
    String folder = drive.json("/api/v1/nodes/lookup?path=/home/listed/0").get("id").asText();
    String page = "/api/v1/nodes/" + folder + "/children?limit=" + ENTRIES;
    List<String> nodes = new ArrayList<>();
    for (JsonNode each : drive.json(page).get("items")) {
      nodes.add("/api/v1/nodes/" + each.get("id").asText());
    }
    return List.of(
        new Work("PUT 4 KB", (to, run) -> uploads(to, IN_A_ROW).into(run, CONNECTIONS)),
        new Work("PUT 64 KB", (to, run) -> uploads(to, AS_OBJECT).into(run, CONNECTIONS)),
        new Work(
            "GET 4 KB",
            (to, run) -> new Downloads(to, "small", CONNECTIONS, SMALL_FILES, IN_A_ROW).step()),
        new Work(
            "GET 64 KB",
            (to, run) -> new Downloads(to, "large", CONNECTIONS, LARGE_FILES, AS_OBJECT).step()),
        new Work("stat", (to, run) -> any(to, nodes)),
        new Work("list a folder of 100", (to, run) -> any(to, List.of(page))));
  }

  private static void upload(SharedDrive drive, String run, int connections, int files, int size)
      throws IOException {
    new Load(drive.port(), connections).times(files, uploads(drive, size).into(run, connections));
  }

  private static Uploads uploads(SharedDrive drive, int size) {
    return new Uploads(drive, size, false);
  }

  private static Load.Step any(SharedDrive drive, List<String> addresses) {
    List<byte[]> requests =
        addresses.stream()
            .map(address -> Wire.request("GET", address, drive.headers(), new byte[0]))
            .toList();
    return (wire, connection, n) -> {
      int status =
          wire.exchange(requests.get(ThreadLocalRandom.current().nextInt(requests.size())));
      if (status != 200) {
        throw new IOException("GET gave " + status + ": " + wire.body());
      }
    };
  }

  private static void warmUp(Work work, SharedDrive drive, int seconds) throws IOException {
    new Load(drive.port(), CONNECTIONS)
        .during(Duration.ofSeconds(seconds), work.making().on(drive, newRun()));
  }

  private static String newRun() {
    return UUID.randomUUID().toString();
  }

  private void measure(Lab lab, Report report, Work work, List<SharedDrive> drives)
      throws IOException {
    warmUp(work, drives.getLast(), lab.fullOrQuick(15, 4));
    List<RatedServer> sides =
        drives.stream().map(drive -> new RatedServer(drive.name(), drive)).toList();
    Duration time = Duration.ofMillis(lab.fullOrQuick(2000, 1000));
    int rounds = lab.fullOrQuick(5, 1);
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < sides.size(); i++) {
        sides.get(i).round(lab, time, work.making().on(drives.get(i), newRun()));
      }
      List<String> told = sides.stream().map(RatedServer::last).toList();
      lab.say(
          "%s, round %d of %d: %s".formatted(work.title(), round, rounds, String.join(", ", told)));
    }
    report(report, work, sides);
  }

  private void report(Report report, Work work, List<RatedServer> sides) {
    RatedServer one = sides.getFirst();
    for (int used = 2; used <= MOST; used++) {
      RatedServer some = sides.get(used - 1);
      report.add(
          new Figure(
              name(),
              "%s, 16 at a time, %d replicas".formatted(work.title(), used),
              "1 replica",
              some.perSecond(),
              one.perSecond(),
              "/s",
              Limit.NONE,
              Map.of("skep", some.details(), "peer", one.details())));
    }
    RatedServer all = sides.getLast();
    report.add(millis(work, "of the 3 replicas for one", all.cpuMillis(), one.cpuMillis()));
    report.add(
        millis(work, "of the servers for one", all.storesCpuMillis(), one.storesCpuMillis()));
  }

  private Figure millis(Work work, String whose, double all, double one) {
    String budget = "processor time %s %s".formatted(whose, work.title());
    return new Figure(name(), budget, "1 replica used", all, one, "ms", Limit.NONE, Map.of());
  }
}
