package dev.skep.bench;

import dev.skep.bench.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures depend on beside Skep: the machine, and the versions of all that took part. */
record Machine(Map<String, Object> facts) {

  static Machine of(Lab lab) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("at", Instant.now().toString());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("cpu", line(Path.of("/proc/cpuinfo"), "model name"));
    facts.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
    facts.put("load", Files.readString(Path.of("/proc/loadavg")).strip());
    facts.put("kernel", lab.output("uname", "-sr"));
    var store = Files.getFileStore(lab.folder());
    facts.put("fileSystem", store.type() + " on " + store.name());
    facts.put("java", Runtime.version().toString());
    facts.put("commit", lab.output("git", "-C", lab.checkout().toString(), "rev-parse", "HEAD"));
    facts.put(
        "filesChangedSince",
        lab.output("git", "-C", lab.checkout().toString(), "status", "--porcelain")
            .lines()
            .count());
    facts.put("rclone", version(lab.output("rclone", "version")));
    facts.put("nginx", version(lab.output(lab.command("nginx"), "-v")));
    facts.put("curl", version(lab.output("curl", "--version")));
    facts.put("MariaDB", version(lab.output(lab.command("mariadbd"), "--version")));
    facts.put("etcd", version(lab.output(lab.command("etcd"), "--version")));
    facts.put("Redis", version(lab.output(lab.command("redis-server"), "--version")));
    facts.put("NATS", version(lab.output(lab.command("nats-server"), "--version")));
    return new Machine(facts);
  }

  /** As the table begins. */
  String text() {
    return facts.entrySet().stream()
        .map(fact -> fact.getKey() + ": " + fact.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** Whether others use it: then a second run shows other figures. */
  boolean isBusy() {
    double load = Double.parseDouble(facts.get("load").toString().split(" ")[0]);
    return load > Runtime.getRuntime().availableProcessors() / 2.0;
  }

  private static String line(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("?");
  }

  /** The first word with digits of a command's first line. */
  private static String version(String output) {
    return output.lines().findFirst().stream()
        .flatMap(line -> Stream.of(line.split("[ /=]")))
        .filter(word -> word.matches("v?\\d+\\..*"))
        .findFirst()
        .orElse("not here");
  }
}
