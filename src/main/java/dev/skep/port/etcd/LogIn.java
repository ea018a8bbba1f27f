package dev.skep.port.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The token that etcd gave for user and password. It lasts some minutes or until the member
 * restarts, so it is asked for anew when it is refused. Thread-safe.
 */
final class LogIn {

  /** While etcd has authentication off: no token is needed yet. */
  private static final String NONE = "";

  private final EtcdSettings settings;
  private final ReentrantLock asking = new ReentrantLock();
  private final AtomicReference<@Nullable String> token = new AtomicReference<>();

  LogIn(EtcdSettings settings) {
    this.settings = settings;
  }

  /**
   * @return null where none is needed
   */
  @Nullable String token(Channel channel, Duration atMost) {
    if (settings.user().isEmpty()) {
      return null;
    }
    String known = token.get();
    if (known == null) {
      known = ask(channel, atMost);
    }
    return known.equals(NONE) ? null : known;
  }

  /**
   * A token was refused; a newer one that another call has got meanwhile stays.
   *
   * @param refused as {@link #token} gave it
   */
  void forget(@Nullable String refused) {
    String known = token.get();
    if (known != null && known.equals(refused == null ? NONE : refused)) {
      token.compareAndSet(known, null);
    }
  }

  private String ask(Channel channel, Duration atMost) {
    // One at a time: etcd hashes the password slowly on purpose.
    if (!tryLock(atMost)) {
      throw Status.DEADLINE_EXCEEDED.withDescription("waited for a log-in").asRuntimeException();
    }
    try {
      String known = token.get();
      if (known == null) {
        known = authenticate(channel, atMost);
        token.set(known);
      }
      return known;
    } finally {
      asking.unlock();
    }
  }

  private boolean tryLock(Duration atMost) {
    try {
      return asking.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String authenticate(Channel channel, Duration atMost) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setName(settings.user().orElseThrow())
            .setPassword(settings.password().orElseThrow())
            .build();
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return ClientCalls.blockingUnaryCall(
              channel, AuthGrpc.getAuthenticateMethod(), options, request)
          .getToken();
    } catch (StatusRuntimeException e) {
      if (Failures.isWithoutAuthentication(e)) {
        return NONE;
      }
      throw e;
    }
  }
}
