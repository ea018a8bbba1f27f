package dev.skep.bench.ports;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How code on virtual threads uses a client of futures. */
final class Wait {

  private static final int SECONDS = 10;

  private Wait() {}

  static <T> T of(Future<T> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return of(answer.toCompletionStage().toCompletableFuture());
  }

  static <T> T of(CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  static void of(Semaphore signal) throws InterruptedException, IOException {
    if (!signal.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("nothing came within " + SECONDS + " s");
    }
  }
}
