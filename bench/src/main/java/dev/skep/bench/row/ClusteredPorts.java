package dev.skep.bench.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Child;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.VersityGw;
import dev.skep.cluster.server.Server;
import dev.skep.cluster.server.Servers;
import dev.skep.cluster.site.Site;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Each operation of the drivers of servers beside the bare client of the same library. That is done
 * by a program of its own, {@code dev.skep.bench.ports.Ports}, which runs with the classes and the
 * libraries of the built application.
 */
public final class ClusteredPorts implements Row {

  static final List<String> SERVERS =
      List.of("mariadbd", "etcd", "redis-server", "nats-server", VersityGw.command());

  private static final String PROGRAM = "dev.skep.bench.ports.Ports";

  /** Only these drivers, such as {@code sql/mysql,objects/s3}. */
  private static final String DRIVERS = "SKEP_BENCH_DRIVERS";

  private static final String OPTIONS = "SKEP_BENCH_JAVA_OPTS";
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration END = Duration.ofSeconds(10);
  private static final int PAUSE_MILLIS = 200;

  /** A tenth over the bare client. */
  private static final Limit TENTH = Limit.atMost(1.10);

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public String about() {
    return "each operation of the clustered drivers beside the bare client of the same library";
  }

  @Override
  public List<String> tools() {
    return SERVERS;
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    try (Site site = Site.open(lab.checkout(), false)) {
      Path folder = lab.newFolder("ports");
      Path settings = folder.resolve("settings.properties");
      Path results = Files.createFile(folder.resolve("results.jsonl"));
      write(settings, Servers.start(site));
      Child child = lab.start(new ProcessBuilder(command(lab, settings, results)));
      int taken = 0;
      long end = System.nanoTime() + LONGEST.toNanos();
      while (child.isAlive() && System.nanoTime() < end) {
        Thread.sleep(PAUSE_MILLIS);
        taken += take(results, taken, lab, report);
      }
      int code = child.await(END);
      take(results, taken, lab, report);
      if (code != 0) {
        throw new IOException(PROGRAM + " ended with " + code + ": " + child.output());
      }
    }
  }

  private static void write(Path file, List<Server> servers) throws IOException {
    Properties settings = new Properties();
    servers.forEach(server -> settings.putAll(server.settings()));
    try (Writer out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
  }

  private static List<String> command(Lab lab, Path settings, Path results) {
    Path application = lab.checkout().resolve("target/quarkus-app");
    String classPath =
        Stream.of(
                lab.checkout().resolve("bench/target/ports"),
                application.resolve("quarkus/*"),
                application.resolve("app/*"),
                application.resolve("lib/boot/*"),
                application.resolve("lib/main/*"))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
    command.addAll(words(OPTIONS, "\\s+"));
    command.addAll(List.of("-cp", classPath, PROGRAM, settings.toString(), results.toString()));
    command.add(lab.fullOrQuick("full", "quick"));
    command.addAll(words(DRIVERS, ","));
    return command;
  }

  private static List<String> words(String variable, String separator) {
    return Stream.of(System.getenv().getOrDefault(variable, "").split(separator))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Those of the results that are whole lines and were not taken yet; their number. */
  private int take(Path results, int taken, Lab lab, Report report) throws IOException {
    String text = Files.readString(results);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(taken).toList();
    for (String line : lines) {
      Figure figure = figure(JSON.readTree(line));
      report.add(figure);
      lab.say(
          "%s: %.0f µs beside %.0f µs (%s)"
              .formatted(figure.budget(), figure.skep(), figure.other(), figure.peer()));
    }
    return lines.size();
  }

  private Figure figure(JsonNode line) {
    int callers = line.get("callers").asInt();
    return Figure.ofRounds(
        name(),
        line.get("driver").asText()
            + ": "
            + line.get("operation").asText()
            + (callers == 1 ? "" : ", " + callers + " at a time"),
        line.get("peer").asText(),
        rounds(line.get("skepRounds")),
        rounds(line.get("peerRounds")),
        "µs",
        line.get("equal").asBoolean() ? TENTH : Limit.NONE);
  }

  private static List<Double> rounds(JsonNode array) {
    List<Double> rounds = new ArrayList<>();
    array.forEach(each -> rounds.add(each.asDouble()));
    return rounds;
  }
}
