package dev.skep.blackbox.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** How often a run of Schemathesis got each status, from its report. */
record Requests(Map<Integer, Integer> statuses) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Requests of(Path report) throws IOException {
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (BufferedReader lines = Files.newBufferedReader(report)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode recorder = JSON.readTree(line).path("ScenarioFinished").path("recorder");
        for (JsonNode each : recorder.path("interactions")) {
          // 0 is a request that got no answer.
          statuses.merge(each.path("response").path("status_code").asInt(0), 1, Integer::sum);
        }
      }
    }
    return new Requests(statuses);
  }

  int count() {
    return statuses.values().stream().mapToInt(each -> each).sum();
  }
}
