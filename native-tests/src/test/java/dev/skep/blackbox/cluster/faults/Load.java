package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** People who work on while a store is down, from {@link #on} to {@link #end}. */
final class Load {

  private static final int PEOPLE = 3;
  private static final Duration PAUSE = Duration.ofMillis(30);
  private static final List<Operation> OPERATIONS =
      List.of(
          Operation.LIST,
          Operation.UPLOAD_SMALL,
          Operation.DOWNLOAD,
          Operation.MAKE_FOLDER,
          Operation.UPLOAD,
          Operation.DOWNLOAD_SMALL);

  private final Work work;
  private final Set<Refusal> refusals;
  private final List<Thread> people = new ArrayList<>();
  private final Map<Operation, AtomicInteger> worked = new ConcurrentHashMap<>();
  private final Map<Operation, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong slowest = new AtomicLong();
  private volatile boolean ended;

  private Load(Work work, Set<Refusal> refusals) {
    this.work = work;
    this.refusals = refusals;
  }

  static Load on(Work work) {
    return on(work, Refusal.DOWN);
  }

  /** Where nothing is refused in another way. */
  static Load on(Work work, Refusal... refusals) {
    Load load = new Load(work, Set.of(refusals));
    for (int i = 0; i < PEOPLE; i++) {
      int first = 2 * i;
      load.people.add(Thread.ofVirtual().start(() -> load.work(first)));
    }
    return load;
  }

  private void work(int first) {
    for (int i = first; !ended; i++) {
      Operation operation = OPERATIONS.get(i % OPERATIONS.size());
      long began = System.nanoTime();
      try {
        take(operation, work.does(operation));
      } catch (UncheckedIOException | AssertionError e) {
        wrong.add(operation + ": " + e);
      }
      slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void take(Operation operation, Answer answer) {
    if (answer.status() == operation.status()) {
      count(worked, operation);
    } else if (refusals.stream().anyMatch(each -> each.is(answer))) {
      count(refused, operation);
    } else {
      wrong.add(operation + ": " + answer.status() + " " + answer.text());
    }
  }

  private static void count(Map<Operation, AtomicInteger> counts, Operation operation) {
    counts.computeIfAbsent(operation, key -> new AtomicInteger()).incrementAndGet();
  }

  /** Waits for the last answers. */
  void end() throws InterruptedException {
    ended = true;
    for (Thread each : people) {
      each.join();
    }
  }

  /** Nothing but these was ever refused, nothing had another end, and nobody waited longer. */
  String judge(Set<Operation> mayBeRefused, Duration bound) {
    assertThat(wrong).isEmpty();
    assertThat(refused.keySet()).as("refused under load").isSubsetOf(mayBeRefused);
    Duration longest = Duration.ofNanos(slowest.get());
    assertThat(longest).as("the longest that anybody waited").isLessThan(bound);
    return "worked %s, refused %s, longest wait %d ms"
        .formatted(sum(worked), new TreeMap<>(refused), longest.toMillis());
  }

  private static int sum(Map<Operation, AtomicInteger> counts) {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }
}
