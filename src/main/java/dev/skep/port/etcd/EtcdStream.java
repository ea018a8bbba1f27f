package dev.skep.port.etcd;

import dev.skep.common.SkepException;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call with many requests and answers, read by one thread. More answers are asked for as they are
 * taken, so a slow reader fills no memory.
 */
final class EtcdStream<Q, R> implements AutoCloseable {

  /** Where the stream goes, told how it went. */
  interface Line {

    /** Gives what the reader shall get. */
    SkepException failed(StatusRuntimeException e);

    /** The token was refused, within the stream. */
    void refused();

    /** No answer came for too long. */
    void silent();
  }

  private sealed interface Received<R> {}

  private record Answer<R>(R answer) implements Received<R> {}

  private record End<R>(Throwable cause) implements Received<R> {}

  /** How many answers may lie here that nobody has taken. */
  private static final int AHEAD = 8;

  private final Line line;
  private final BlockingQueue<Received<R>> received = new LinkedBlockingQueue<>();
  private final ClientCallStreamObserver<Q> requests;

  /** Since more were asked for; used by the one reader only. */
  private int taken;

  EtcdStream(ClientCall<Q, R> call, Line line) {
    this.line = line;
    this.requests =
        (ClientCallStreamObserver<Q>) ClientCalls.asyncBidiStreamingCall(call, new Queueing());
  }

  /** Runs on the event loop, so it only hands over. */
  private final class Queueing implements ClientResponseObserver<Q, R> {

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
      stream.disableAutoRequestWithInitial(AHEAD);
    }

    @Override
    public void onNext(R answer) {
      received.add(new Answer<>(answer));
    }

    @Override
    public void onError(Throwable cause) {
      received.add(new End<>(cause));
    }

    @Override
    public void onCompleted() {
      received.add(
          new End<>(Status.UNAVAILABLE.withDescription("the stream ended").asRuntimeException()));
    }
  }

  void send(Q request) {
    requests.onNext(request);
  }

  /**
   * Waits for an answer.
   *
   * @return null when none came in time
   * @throws SkepException when the stream has ended
   */
  @Nullable R next(Duration atMost) {
    try {
      Received<R> next = received.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return switch (next) {
        case null -> null;
        case Answer<R>(R answer) -> {
          askForMore();
          yield answer;
        }
        case End<R> end -> {
          received.add(end);
          throw line.failed(Status.fromThrowable(end.cause()).asRuntimeException());
        }
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw line.failed(Status.CANCELLED.withCause(e).asRuntimeException());
    }
  }

  /** Each asking wakes the event loop, so it is done for several at once. */
  private void askForMore() {
    taken++;
    if (taken == AHEAD / 2) {
      requests.request(taken);
      taken = 0;
    }
  }

  void leaveSilent() {
    line.silent();
  }

  void refused() {
    line.refused();
  }

  /** From any thread; a reader that waits gets the end. */
  @Override
  public void close() {
    requests.cancel("closed", null);
  }
}
