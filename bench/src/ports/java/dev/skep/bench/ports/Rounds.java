package dev.skep.bench.ports;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures the sides of a comparison in many short turns, each in the reverse order of the one
 * before: what else goes on on a machine changes more slowly than they do, so it slows all sides
 * alike. Callers are virtual threads in a closed loop, as those of the ports are.
 *
 * @param warmUp of each side, for the JIT
 * @param count of rounds, odd; each is a number of turns
 * @param length of a turn of one side
 */
record Rounds(Duration warmUp, int count, Duration length) {

  static final Rounds FULL = new Rounds(Duration.ofMillis(1500), 7, Duration.ofMillis(50));
  static final Rounds QUICK = new Rounds(Duration.ofMillis(700), 3, Duration.ofMillis(30));

  private static final int TURNS = 8;

  /** How many operations it takes until the JIT compiles what they run. */
  private static final int OFTEN = 2_500;

  /** Of warming up, beyond what is given. */
  private static final Duration LONGEST = Duration.ofSeconds(8);

  /** The figure of each round in microseconds, of the driver first, then of each peer. */
  List<List<Double>> of(Comparison comparison) throws Exception {
    List<Operation> sides = new ArrayList<>();
    sides.add(comparison.driver());
    comparison.peers().forEach(peer -> sides.add(peer.operation()));
    for (Operation side : sides) {
      warmUp(side, comparison.callers());
    }
    List<List<Double>> figures = new ArrayList<>();
    sides.forEach(side -> figures.add(new ArrayList<>()));
    for (int round = 0; round < count; round++) {
      List<List<long[]>> nanos = new ArrayList<>();
      sides.forEach(side -> nanos.add(new ArrayList<>()));
      for (int turn = 0; turn < TURNS; turn++) {
        for (int i = 0; i < sides.size(); i++) {
          int side = (round + turn) % 2 == 0 ? i : sides.size() - 1 - i;
          nanos.get(side).addAll(turn(sides.get(side), comparison.callers(), length));
        }
      }
      for (int side = 0; side < sides.size(); side++) {
        figures.get(side).add(micros(nanos.get(side), comparison.callers()));
      }
    }
    return figures;
  }

  /**
   * As long as is given, and until the JIT has seen the operation often enough, but not for ever.
   */
  private void warmUp(Operation side, int callers) throws Exception {
    double micros = micros(turn(side, callers, warmUp), callers);
    Duration missing = Duration.ofNanos((long) (micros * 1e3 * OFTEN / callers)).minus(warmUp);
    Duration more = missing.compareTo(LONGEST) < 0 ? missing : LONGEST;
    if (more.isPositive()) {
      turn(side, callers, more);
    }
  }

  /** What each operation of each caller took. */
  private static List<long[]> turn(Operation operation, int callers, Duration length)
      throws Exception {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<long[]>> running = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        int mine = caller;
        running.add(threads.submit(() -> loop(operation, mine, end)));
      }
      List<long[]> nanos = new ArrayList<>();
      for (Future<long[]> each : running) {
        nanos.add(each.get());
      }
      return nanos;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * What one operation takes: the median for a caller alone; for several the mean, which tells how
   * many are done in a second.
   */
  private static double micros(List<long[]> parts, int callers) {
    long[] nanos = parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return (callers == 1 ? nanos[nanos.length / 2] : Arrays.stream(nanos).average().orElseThrow())
        / 1e3;
  }

  private static long[] loop(Operation operation, int caller, long end) throws Exception {
    long[] nanos = new long[1024];
    int n = 0;
    do {
      operation.prepare(caller);
      long begin = System.nanoTime();
      operation.run(caller);
      long took = System.nanoTime() - begin;
      operation.tidy(caller);
      if (n == nanos.length) {
        nanos = Arrays.copyOf(nanos, n * 2);
      }
      nanos[n++] = took;
    } while (System.nanoTime() - end < 0);
    return Arrays.copyOf(nanos, n);
  }
}
