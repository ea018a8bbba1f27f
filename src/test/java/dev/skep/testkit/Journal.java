package dev.skep.testkit;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the parent of killed writers knows: of each writer, the number of its last acknowledged
 * write and of its last begun one. Writers number without gaps and begin a write only after the one
 * before was acknowledged. Thread-safe.
 */
public final class Journal {

  /** A writer's last numbers; equal when it was killed between two writes. */
  public record Last(long acknowledged, long begun) {

    public boolean isOpen() {
      return begun > acknowledged;
    }
  }

  private final Map<Integer, Last> writers = new TreeMap<>();
  private long acknowledged;

  /** By the number of the writer. */
  public synchronized Map<Integer, Last> writers() {
    return new TreeMap<>(writers);
  }

  /** How many writes were acknowledged in all. */
  public synchronized long acknowledged() {
    return acknowledged;
  }

  /** Adopts the outcome of the write that was open: from now on it is as good as acknowledged. */
  public synchronized void settle(int writer, long number) {
    writers.put(writer, new Last(number, number));
  }

  synchronized void note(String line) {
    String[] words = line.split(" ");
    int writer = Integer.parseInt(words[1]);
    long number = Long.parseLong(words[2]);
    Last last = writers.getOrDefault(writer, new Last(0, 0));
    if (words[0].equals("begin")) {
      if (number != last.acknowledged() + 1) {
        throw new AssertionError(
            "writer %d has %s, but goes on with %d".formatted(writer, last, number));
      }
      writers.put(writer, new Last(last.acknowledged(), number));
    } else {
      writers.put(writer, new Last(number, number));
      acknowledged++;
    }
  }

  synchronized boolean isInsideAWrite() {
    return writers.values().stream().anyMatch(Last::isOpen);
  }
}
