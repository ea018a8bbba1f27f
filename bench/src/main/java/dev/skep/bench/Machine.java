package dev.skep.bench;

import dev.skep.bench.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        "changedFiles",
        lab.output("git", "-C", lab.checkout().toString(), "status", "--porcelain")
            .lines()
            .count());
    facts.put("rclone", firstLine(lab.output("rclone", "version")));
    facts.put("nginx", firstLine(lab.output("nginx", "-v")));
    facts.put("curl", firstLine(lab.output("curl", "--version")));
    return new Machine(facts);
  }

  String sentence() {
    return List.of(
            "cores",
            "cpu",
            "memory",
            "load",
            "kernel",
            "fileSystem",
            "java",
            "rclone",
            "nginx",
            "commit")
        .stream()
        .map(key -> key + ": " + facts.get(key))
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  private static String line(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("?");
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
