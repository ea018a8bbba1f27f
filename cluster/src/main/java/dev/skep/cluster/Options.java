package dev.skep.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param demo whether to upload, kill, download and end, instead of running until Ctrl-C
 * @param keep whether data and logs stay
 * @param folders what the demonstration uploads; empty for the default
 * @param replicas how many, at least two
 */
record Options(Path checkout, boolean demo, boolean keep, List<Path> folders, int replicas) {

  static final String USAGE =
      "./skep cluster [--demo [--folder PATH]...] [--replicas NUMBER] [--keep]";

  private static final int REPLICAS = 3;
  private static final int MOST_REPLICAS = 10;

  /**
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Options of(Path checkout, List<String> arguments) {
    boolean demo = false;
    boolean keep = false;
    int replicas = REPLICAS;
    List<Path> folders = new ArrayList<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "--demo" -> demo = true;
        case "--keep" -> keep = true;
        case "--folder" -> folders.add(folder(value(word, rest)));
        case "--replicas" -> replicas = number(word, value(word, rest));
        default -> throw new IllegalArgumentException("unknown: " + word + ". " + USAGE);
      }
    }
    if (!folders.isEmpty() && !demo) {
      throw new IllegalArgumentException("--folder goes with --demo. " + USAGE);
    }
    return new Options(checkout, demo, keep, List.copyOf(folders), replicas);
  }

  private static String value(String word, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(word + " needs a value. " + USAGE);
    }
    return rest.next();
  }

  private static Path folder(String name) {
    Path folder = Path.of(name).toAbsolutePath().normalize();
    if (!folder.toFile().isDirectory()) {
      throw new IllegalArgumentException("--folder: there is no folder " + folder);
    }
    return folder;
  }

  private static int number(String word, String value) {
    int number;
    try {
      number = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      number = 0;
    }
    if (number < 2 || number > MOST_REPLICAS) {
      throw new IllegalArgumentException(
          "%s must be 2 to %d, not %s".formatted(word, MOST_REPLICAS, value));
    }
    return number;
  }
}
