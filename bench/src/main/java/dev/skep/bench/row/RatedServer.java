package dev.skep.bench.row;

import dev.skep.bench.Median;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Proc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One side of a comparison of small requests, round by round. */
final class RatedServer {

  static final int CONNECTIONS = 16;

  private final String name;
  private final FileServer server;
  private final List<Double> perSecond = new ArrayList<>();
  private final List<Double> medianMillis = new ArrayList<>();
  private final List<Double> p99Millis = new ArrayList<>();
  private final List<Double> serverCpuMicros = new ArrayList<>();
  private final List<Double> storesCpuMicros = new ArrayList<>();
  private final List<Double> clientCpuMicros = new ArrayList<>();

  RatedServer(String name, FileServer server) {
    this.name = name;
    this.server = server;
  }

  FileServer server() {
    return server;
  }

  void warmUp(Duration time, Load.Step step) throws IOException {
    new Load(server.port(), CONNECTIONS).during(time, step);
  }

  /** A round on a disk that has nothing left to write of the one before. */
  void round(Lab lab, Duration time, Load.Step step) throws IOException {
    lab.settle();
    double serverBefore = server.cpuSeconds();
    double storesBefore = server.storesCpuSeconds();
    double clientBefore = Proc.ownCpuSeconds();
    Load.Result result = new Load(server.port(), CONNECTIONS).during(time, step);
    double perRequest = 1e6 / result.micros().length;
    serverCpuMicros.add((server.cpuSeconds() - serverBefore) * perRequest);
    storesCpuMicros.add((server.storesCpuSeconds() - storesBefore) * perRequest);
    clientCpuMicros.add((Proc.ownCpuSeconds() - clientBefore) * perRequest);
    perSecond.add(result.perSecond());
    medianMillis.add(result.quantileMillis(0.5));
    p99Millis.add(result.quantileMillis(0.99));
  }

  /** Processor time of the servers behind it for one request, in milliseconds. */
  double storesCpuMillis() {
    return Median.of(storesCpuMicros) / 1e3;
  }

  /** The last round, for whoever waits. */
  String last() {
    return "%s %.0f/s".formatted(name, perSecond.getLast());
  }

  double perSecond() {
    return Median.of(perSecond);
  }

  /** Processor time of the server for one request, in milliseconds. */
  double cpuMillis() {
    return Median.of(serverCpuMicros) / 1e3;
  }

  Map<String, Object> details() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("perSecond", perSecond);
    all.put("medianMillis", medianMillis);
    all.put("p99Millis", p99Millis);
    all.put("serverCpuMicros", serverCpuMicros);
    all.put("storesCpuMicros", storesCpuMicros);
    all.put("clientCpuMicros", clientCpuMicros);
    return all;
  }
}
