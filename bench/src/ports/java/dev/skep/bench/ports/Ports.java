package dev.skep.bench.ports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures every driver of a server beside the bare client of the same library, one port after the
 * other, and writes a line of JSON for each operation and peer.
 */
public final class Ports {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path results;
  private final Rounds rounds;

  /** Opens both sides. */
  private interface Opening {
    Contest open(Settings settings) throws Exception;
  }

  private static final Map<String, Opening> PORTS = new LinkedHashMap<>();

  static {
    PORTS.put("sql/mysql", SqlContest::open);
    PORTS.put("objects/s3", ObjectsContest::open);
    PORTS.put("config/etcd", ConfigContest::open);
    PORTS.put("coordinator/etcd", CoordinatorContest::open);
    PORTS.put("registry/etcd", RegistryContest::open);
    PORTS.put("cache/redis", CacheContest::open);
    PORTS.put("pubsub/nats", PubSubContest::open);
  }

  private Ports(Path results, Rounds rounds) {
    this.results = results;
    this.rounds = rounds;
  }

  /** Arguments: a file of settings, a file for the results, "full" or "quick", perhaps drivers. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.read(Path.of(arguments[0]));
    Rounds rounds = arguments[2].equals("quick") ? Rounds.QUICK : Rounds.FULL;
    Set<String> only = Set.copyOf(List.of(arguments).subList(3, arguments.length));
    Ports ports = new Ports(Path.of(arguments[1]), rounds);
    for (Map.Entry<String, Opening> each : PORTS.entrySet()) {
      if (only.isEmpty() || only.contains(each.getKey())) {
        ports.measure(each.getKey(), each.getValue(), settings);
      }
    }
    // Threads of a client must not keep this process.
    System.exit(0);
  }

  private void measure(String driver, Opening opening, Settings settings) throws Exception {
    try (Contest contest = opening.open(settings)) {
      for (Comparison comparison : contest.comparisons()) {
        write(driver, comparison, rounds.of(comparison));
      }
    }
  }

  private void write(String driver, Comparison comparison, List<List<Double>> figures)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < comparison.peers().size(); i++) {
      Peer peer = comparison.peers().get(i);
      ObjectNode line = JSON.createObjectNode();
      line.put("driver", driver);
      line.put("operation", comparison.name());
      line.put("callers", comparison.callers());
      line.put("peer", peer.steps());
      line.put("equal", peer.isEqual());
      add(line.putArray("skepRounds"), figures.getFirst());
      add(line.putArray("peerRounds"), figures.get(i + 1));
      lines.append(line).append('\n');
    }
    Files.writeString(
        results, lines.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void add(ArrayNode array, List<Double> micros) {
    micros.forEach(array::add);
  }
}
