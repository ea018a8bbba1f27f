package dev.skep.blackbox.rights;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Does things in many threads that start at once. */
public final class Together {

  private Together() {}

  public interface Task {
    void run(int thread) throws Exception;
  }

  /** Fails with the first failure of any. */
  public static void run(int threads, Task task) throws Exception {
    call(
        threads,
        thread ->
            () -> {
              task.run(thread);
              return true;
            });
  }

  /** What each returned, in their order; fails with the first failure of any. */
  public static <T> List<T> call(int threads, IntFunction<Callable<T>> tasks) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<T> task = tasks.apply(i);
        running.add(
            executor.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> each : running) {
        results.add(result(each));
      }
      return results;
    }
  }

  private static <T> T result(Future<T> running) throws Exception {
    try {
      return running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }
}
