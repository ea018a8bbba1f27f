package dev.skep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A driver that must be proven on a real server.
 *
 * @param server what the server's name begins with; empty for any
 */
record ProvenDriver(String port, String driver, String server) {

  /** Where one kind of server is not enough, since each speaks a dialect of its own. */
  private static final Map<String, List<String>> SERVERS =
      Map.of("objects s3", List.of("s3proxy", "versitygw"));

  /** All below the folder of the ports that are not embedded, in alphabetical order. */
  static List<ProvenDriver> allBelow(Path ports) throws IOException {
    List<ProvenDriver> found = new ArrayList<>();
    for (Path port : folders(ports)) {
      for (Path driver : folders(port)) {
        String name = driver.getFileName().toString();
        if (!name.equals("embedded")) {
          found.addAll(of(port.getFileName().toString(), name));
        }
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("There is no driver below " + ports);
    }
    found.sort(Comparator.comparing(ProvenDriver::toString));
    return found;
  }

  /** The one whose {@link #toString} this is. */
  static ProvenDriver named(String text) {
    String[] words = text.split(" ", 3);
    if (words.length < 3) {
      throw new IllegalArgumentException("Not PORT DRIVER SERVER: " + text);
    }
    return new ProvenDriver(words[0], words[1], words[2]);
  }

  private static List<ProvenDriver> of(String port, String driver) {
    return SERVERS.getOrDefault(port + " " + driver, List.of("")).stream()
        .map(server -> new ProvenDriver(port, driver, server))
        .toList();
  }

  private static List<Path> folders(Path parent) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, Files::isDirectory)) {
      children.forEach(folders::add);
    }
    return folders;
  }

  @Override
  public String toString() {
    return (port + " " + driver + " " + server).strip();
  }
}
