package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Purge;
import dev.skep.blackbox.cluster.history.Operation.Read;
import dev.skep.blackbox.cluster.history.Operation.Surprise;
import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that the clients did. Thread-safe; read when they are done. */
final class History {

  private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();

  static History of(Operation... operations) {
    History history = new History();
    Stream.of(operations).forEach(history::add);
    return history;
  }

  void add(Operation operation) {
    operations.add(operation);
  }

  <T extends Operation> List<T> all(Class<T> type) {
    return operations.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The writes of each register, in the order of its one writer. */
  Map<String, List<Write>> writes() {
    return all(Write.class).stream()
        .collect(Collectors.groupingBy(Write::register, TreeMap::new, Collectors.toList()));
  }

  Map<String, List<Read>> reads() {
    return all(Read.class).stream()
        .collect(Collectors.groupingBy(Read::register, TreeMap::new, Collectors.toList()));
  }

  /** How many operations there are of each kind and outcome. */
  Map<String, Long> counts() {
    return operations.stream()
        .collect(Collectors.groupingBy(History::kind, TreeMap::new, Collectors.counting()));
  }

  private static String kind(Operation operation) {
    return switch (operation) {
      case Write write ->
          "write "
              + firstWord(write.register())
              + " "
              + write.outcome()
              + (write.late() ? "+" : "");
      case Read read -> "read " + firstWord(read.register());
      case Make make -> "make " + firstWord(make.name()) + " " + make.outcome();
      case Purge purge -> "purge " + purge.outcome();
      case Operation.Use use -> "use of " + use.workspace();
      case Surprise surprise -> "surprise";
    };
  }

  private static String firstWord(String text) {
    return text.split("[- 0-9]", 2)[0];
  }
}
