package dev.skep.cluster.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The regular files of some folders, and where they go. */
final class LocalFiles {

  /**
   * @param path on the drive, encoded for a URL
   */
  record LocalFile(Path file, long size, String path) {}

  private LocalFiles() {}

  /** In a random order, so that small and large ones are under way together. */
  static List<LocalFile> of(List<Path> folders) throws IOException {
    List<LocalFile> found = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path file : tree.filter(Files::isRegularFile).toList()) {
          found.add(new LocalFile(file, Files.size(file), path(folder, file)));
        }
      }
    }
    Collections.shuffle(found, new Random(found.size()));
    return found;
  }

  private static String path(Path folder, Path file) {
    StringBuilder path = new StringBuilder("/api/v1/files/home");
    for (Path name : folder.getParent().relativize(file)) {
      path.append('/')
          .append(URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return path.toString();
  }
}
