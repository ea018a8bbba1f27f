package dev.skep.bench.row;

import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Path;

/** The file that generated ones copy. */
final class Samples {

  static final String CONTENT = "What every generated file holds.\n";

  private Samples() {}

  /** Starts a Skep on a new data folder, uploads one file and stops it; the file's id. */
  static String upload(Lab lab, Path data) throws IOException {
    try (SkepServer skep = SkepServer.start(lab, data)) {
      return skep.json(201, "PUT", skep.address("sample.txt"), CONTENT).get("id").asText();
    }
  }
}
