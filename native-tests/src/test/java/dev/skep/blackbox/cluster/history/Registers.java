package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Read;
import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Each register is linearisable: whoever reads it gets the value of the last write that was
 * acknowledged before he asked, or of one that came later or was under way; nobody gets an older
 * value than somebody before him; and so it is at the end. With one writer this can be decided read
 * by read.
 */
final class Registers implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    Map<String, List<Write>> writes = history.writes();
    Map<String, List<Read>> reads = history.reads();
    reads.forEach(
        (register, all) -> {
          List<Write> of = writes.getOrDefault(register, List.of());
          eachRead(of, all, violated);
        });
    writes.forEach((register, all) -> atTheEnd(register, all, found, violated));
  }

  private static void eachRead(List<Write> writes, List<Read> reads, Consumer<String> violated) {
    List<Read> inOrder = new ArrayList<>(reads);
    inOrder.sort(Comparator.comparingLong(read -> read.span().ended()));
    List<Read> ended = new ArrayList<>();
    for (Read read : inOrder) {
      Set<Integer> may = matching(writes, read.anyOf(), possible(writes, read.span()));
      if (may.isEmpty()) {
        violated.accept(read + " is none of the values that it may have had: " + tell(writes));
        continue;
      }
      ended.stream()
          .filter(earlier -> earlier.span().before(read.span()))
          .filter(earlier -> wentBack(writes, earlier, read))
          .findFirst()
          .ifPresent(
              earlier -> violated.accept(read + " is older than " + earlier + ": " + tell(writes)));
      ended.add(read);
    }
  }

  private static boolean wentBack(List<Write> writes, Read earlier, Read later) {
    Set<Integer> first = matching(writes, earlier.anyOf(), possible(writes, earlier.span()));
    Set<Integer> second = matching(writes, later.anyOf(), possible(writes, later.span()));
    int oldest = first.stream().mapToInt(Integer::intValue).min().orElse(0);
    return second.stream().allMatch(index -> index < oldest && !isLate(writes, index));
  }

  private static void atTheEnd(
      String register, List<Write> writes, Found found, Consumer<String> violated) {
    String value = found.registers.get(register);
    if (value == null) {
      if (writes.stream().anyMatch(write -> write.outcome() == Outcome.DONE)) {
        violated.accept(register + " could not be read at the end: " + tell(writes));
      }
      return;
    }
    Span end = new Span(-1, Long.MAX_VALUE, Long.MAX_VALUE);
    if (matching(writes, Set.of(value), possible(writes, end)).isEmpty()) {
      violated.accept("%s is %s at the end: %s".formatted(register, value, tell(writes)));
    }
  }

  /**
   * The writes of which a read in this span may tell, by their index; -1 stands for what was there
   * before all of them.
   */
  private static Set<Integer> possible(List<Write> writes, Span read) {
    int last = -1;
    for (int i = 0; i < writes.size(); i++) {
      Write write = writes.get(i);
      if (write.outcome() == Outcome.DONE && write.span().before(read)) {
        last = i;
      }
    }
    Set<Integer> possible = new TreeSet<>(Set.of(last));
    for (int i = 0; i < writes.size(); i++) {
      Write write = writes.get(i);
      boolean begun = write.span().began() < read.ended();
      if (begun && write.outcome() != Outcome.REFUSED && (i > last || write.late())) {
        possible.add(i);
      }
    }
    return possible;
  }

  private static Set<Integer> matching(
      List<Write> writes, Set<String> values, Set<Integer> possible) {
    Set<Integer> matching = new TreeSet<>();
    for (int index : possible) {
      if (values.contains(index < 0 ? Operation.NOTHING : writes.get(index).value())) {
        matching.add(index);
      }
    }
    return matching;
  }

  private static boolean isLate(List<Write> writes, int index) {
    return index >= 0 && writes.get(index).late();
  }

  /** The last ones, which are those that matter. */
  private static String tell(List<Write> writes) {
    int from = Math.max(0, writes.size() - 6);
    return writes.size() + " writes, … " + writes.subList(from, writes.size());
  }
}
