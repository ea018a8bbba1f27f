package dev.skep.port.cache.redis;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The servers, asked by blocking calls. A client with a connection on which an answer is overdue is
 * given up whole and replaced: its pool would hold that connection for ever. Thread-safe.
 */
final class RedisLine implements AutoCloseable {

  private final Vertx vertx;
  private final RedisOptions options;
  private final Duration pause;
  private final Breaker breaker = new Breaker(System::nanoTime);
  private final AtomicReference<@Nullable Redis> client = new AtomicReference<>();

  RedisLine(Vertx vertx, RedisOptions options, Duration pause) {
    this.vertx = vertx;
    this.options = options;
    this.pause = pause;
    client.set(Redis.createClient(vertx, options));
  }

  /**
   * Asks and waits for the answer.
   *
   * @return null for Redis' nil
   * @throws RedisRefusal when the server refuses
   * @throws SkepException {@code unavailable} when it does not answer in time
   */
  @Nullable Response ask(Request request, Duration timeout) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("The cache must not be asked on an event loop");
    }
    Redis now = client.get();
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The cache is not open");
    }
    if (!breaker.mayAsk()) {
      throw unavailable(null);
    }
    try {
      Response answer =
          now.send(request)
              .toCompletionStage()
              .toCompletableFuture()
              .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      breaker.answered();
      return answer;
    } catch (TimeoutException e) {
      breaker.failed(pause.toNanos());
      replace(now);
      throw unavailable(e);
    } catch (ExecutionException e) {
      throw failed(now, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      breaker.failed(0);
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (RuntimeException e) {
      breaker.failed(0);
      throw unavailable(e);
    }
  }

  private RuntimeException failed(Redis used, Throwable e) {
    if (e instanceof ErrorType refusal) {
      RedisRefusal refused = new RedisRefusal(refusal);
      if (refused.wrongServer()) {
        breaker.failed(0);
        replace(used);
      } else {
        breaker.answered();
      }
      return refused;
    }
    breaker.failed(0);
    return unavailable(e);
  }

  private void replace(Redis old) {
    if (client.get() == old) {
      Redis fresh = Redis.createClient(vertx, options);
      if (!client.compareAndSet(old, fresh)) {
        fresh.close();
        return;
      }
      old.close();
    }
  }

  private static SkepException unavailable(@Nullable Throwable cause) {
    return new SkepException(ErrorCode.UNAVAILABLE, "The cache does not answer", cause);
  }

  @Override
  public void close() {
    Redis last = client.getAndSet(null);
    if (last != null) {
      last.close();
    }
  }
}
