package dev.skep.bench.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Closed-loop load: some connections, each with a thread that sends its next request when the last
 * one is answered. The threads are the system's and the sockets blocking: on two cores that leaves
 * most to the server.
 */
public final class Load {

  /** What a connection does again and again. */
  @FunctionalInterface
  public interface Step {
    /** The n-th request of this connection; throws when the answer is not the right one. */
    void once(Wire wire, int connection, int n) throws IOException;
  }

  /**
   * @param micros of each request, sorted
   */
  public record Result(double seconds, long[] micros) {

    public double perSecond() {
      return micros.length / seconds;
    }

    /** In milliseconds; the part is 0.5 for the median. */
    public double quantileMillis(double part) {
      return micros[(int) Math.min(micros.length - 1L, (long) (part * micros.length))] / 1e3;
    }
  }

  private final int port;
  private final int connections;

  public Load(int port, int connections) {
    this.port = port;
    this.connections = connections;
  }

  /** For as long as that. */
  public Result during(Duration time, Step step) throws IOException {
    return run(time.toNanos(), Integer.MAX_VALUE, step);
  }

  /** So many requests on each connection. */
  public Result times(int count, Step step) throws IOException {
    return run(Long.MAX_VALUE / 2, count, step);
  }

  private Result run(long nanos, int count, Step step) throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      long begin = System.nanoTime();
      var running =
          IntStream.range(0, connections)
              .mapToObj(c -> threads.submit(() -> one(c, begin + nanos, count, step)))
              .toList();
      long[] all = new long[0];
      for (Future<long[]> each : running) {
        all = LongStream.concat(Arrays.stream(all), Arrays.stream(each.get())).toArray();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      Arrays.sort(all);
      return new Result(seconds, all);
    } catch (ExecutionException e) {
      throw new IOException("under load: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private long[] one(int connection, long end, int count, Step step) throws IOException {
    long[] micros = new long[1024];
    int n = 0;
    try (Wire wire = new Wire(port)) {
      for (long now = System.nanoTime(); now < end && n < count; n++) {
        step.once(wire, connection, n);
        long then = System.nanoTime();
        if (n == micros.length) {
          micros = Arrays.copyOf(micros, n * 2);
        }
        micros[n] = (then - now) / 1000;
        now = then;
      }
    }
    return Arrays.copyOf(micros, n);
  }
}
