package dev.skep.port.objects.s3;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The endpoints of one store. A request is repeated a bounded number of times, after a short random
 * pause, at the next endpoint if there are several. Thread-safe.
 */
final class S3Endpoints implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** The clients of one endpoint, which differ in how long an answer may be awaited. */
  record Endpoint(String address, S3Client usual, S3Client patient) {}

  private final List<Endpoint> endpoints;
  private final int retries;
  private final Runnable whenClosed;

  /** Counts the failures; the endpoint that is asked is this one, modulo their number. */
  private final AtomicInteger turn = new AtomicInteger();

  S3Endpoints(List<Endpoint> endpoints, int retries, Runnable whenClosed) {
    this.endpoints = List.copyOf(endpoints);
    this.retries = retries;
    this.whenClosed = whenClosed;
  }

  /**
   * Makes a request that may be made twice.
   *
   * @throws S3Failure the last one; if an earlier one may have been done, so may this
   */
  <T> T ask(Function<S3Client, T> request) {
    return ask(Endpoint::usual, request, retries);
  }

  /** As {@link #ask}, for a request whose answer takes time. */
  <T> T askPatiently(Function<S3Client, T> request) {
    return ask(Endpoint::patient, request, retries);
  }

  /** Makes a request that nobody waits for, once. */
  <T> T askOnce(Function<S3Client, T> request) {
    return ask(Endpoint::usual, request, 0);
  }

  private <T> T ask(
      Function<Endpoint, S3Client> client, Function<S3Client, T> request, int repetitions) {
    for (int attempt = 0; ; attempt++) {
      int now = turn.get();
      Endpoint endpoint = endpoints.get(Math.floorMod(now, endpoints.size()));
      try {
        return request.apply(client.apply(endpoint));
      } catch (SdkException e) {
        S3Failure failure = S3Failure.of(e);
        boolean elsewhere = endpoints.size() > 1 && failure.kind() == S3Failure.Kind.TIMED_OUT;
        if (attempt == repetitions || !(failure.retryable() || elsewhere)) {
          throw failure;
        }
        turn.compareAndSet(now, now + 1);
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    long most = PAUSE.toMillis() << Math.min(attempt, 5);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "The request was given up", e);
    }
  }

  @Override
  public void close() {
    for (Endpoint endpoint : endpoints) {
      endpoint.usual().close();
      endpoint.patient().close();
    }
    whenClosed.run();
  }
}
