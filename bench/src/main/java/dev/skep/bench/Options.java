package dev.skep.bench;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param only names of rows; empty for all
 * @param json where the figures go; null for nowhere
 */
record Options(Path checkout, Set<String> only, Path json, boolean quick, boolean cold) {

  static final String USAGE =
      "./skep bench [--json FILE] [--only NAME,...] [--quick] [--cold]; names: ";

  /**
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Options of(List<String> arguments, List<String> names) {
    Path json = null;
    Set<String> only = new HashSet<>();
    boolean quick = false;
    boolean cold = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "--json" -> json = Path.of(value(word, rest)).toAbsolutePath();
        case "--only" -> only.addAll(known(value(word, rest), names));
        case "--quick" -> quick = true;
        case "--cold" -> cold = true;
        default ->
            throw new IllegalArgumentException(
                "unknown: " + word + ". " + USAGE + String.join(", ", names));
      }
    }
    Path checkout = Path.of(System.getProperty("skep.checkout", ".")).toAbsolutePath().normalize();
    return new Options(checkout, Set.copyOf(only), json, quick, cold);
  }

  boolean wants(String row) {
    return only.isEmpty() || only.contains(row);
  }

  private static String value(String word, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(word + " needs a value");
    }
    return rest.next();
  }

  private static List<String> known(String value, List<String> names) {
    List<String> wanted = List.of(value.split(","));
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "--only: no row is named " + name + "; there are: " + String.join(", ", names));
      }
    }
    return wanted;
  }
}
