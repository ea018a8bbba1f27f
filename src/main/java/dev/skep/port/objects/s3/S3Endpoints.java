package dev.skep.port.objects.s3;

import java.io.UncheckedIOException;
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
   * @throws S3Failure the last one; if an earlier one may have been done, it says so
   */
  <T> T ask(Function<S3Client, T> request) {
    return ask(Endpoint::usual, request, retries, true);
  }

  /** Makes a request that is not repeated where it may have been done. */
  <T> T askUnlessLost(Function<S3Client, T> request) {
    return ask(Endpoint::usual, request, retries, false);
  }

  /** As {@link #askUnlessLost}, for a request whose answer takes time. */
  <T> T askPatientlyUnlessLost(Function<S3Client, T> request) {
    return ask(Endpoint::patient, request, retries, false);
  }

  /** Makes a request that nobody waits for, once. */
  <T> T askOnce(Function<S3Client, T> request) {
    return ask(Endpoint::usual, request, 0, false);
  }

  private <T> T ask(
      Function<Endpoint, S3Client> client,
      Function<S3Client, T> request,
      int repetitions,
      boolean alsoIfLost) {
    S3Failure earlier = null;
    for (int attempt = 0; ; attempt++) {
      int now = turn.get();
      Endpoint endpoint = endpoints.get(Math.floorMod(now, endpoints.size()));
      S3Failure failure;
      try {
        return request.apply(client.apply(endpoint));
      } catch (SdkException e) {
        failure = S3Failure.of(e).after(earlier);
      } catch (UncheckedIOException e) {
        failure = S3Failure.of(e).after(earlier);
      }
      if (failure.retryable() || failure.kind() == S3Failure.Kind.TIMED_OUT) {
        turn.compareAndSet(now, now + 1);
      }
      if (attempt == repetitions || !worthwhile(failure) || (failure.maybeDone() && !alsoIfLost)) {
        throw failure;
      }
      if (!paused(attempt)) {
        throw failure;
      }
      earlier = failure;
    }
  }

  /**
   * Whoever has waited once for an answer need not wait again, unless somebody else may give it.
   */
  private boolean worthwhile(S3Failure failure) {
    return failure.retryable()
        || (endpoints.size() > 1 && failure.kind() == S3Failure.Kind.TIMED_OUT);
  }

  /** False when interrupted: then the last failure is what is known of the request. */
  private static boolean paused(int attempt) {
    long most = PAUSE.toMillis() << Math.min(attempt, 5);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
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
