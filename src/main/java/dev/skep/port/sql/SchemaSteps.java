package dev.skep.port.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The steps of a schema, oldest first, as files {@code V<number>__<what>.sql} on the class path.
 * They are listed, not scanned for: a native image has no class path to scan, and a scan costs time
 * at every start.
 */
public record SchemaSteps(String folder, List<String> files) {

  public SchemaSteps {
    files = List.copyOf(files);
  }

  /** The number of the last step. */
  public long newest() {
    return number(files.getLast());
  }

  public static long number(String file) {
    return Long.parseLong(file.substring(1, file.indexOf("__")));
  }

  public String text(String file) {
    String path = folder + "/" + file;
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the artefact lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
