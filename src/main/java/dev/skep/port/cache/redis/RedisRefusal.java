package dev.skep.port.cache.redis;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Objects;
import java.util.Set;

/** An error that the server answered with. */
final class RedisRefusal extends RuntimeException {

  /** Told by a server that is not, not yet or no longer the one to ask. */
  private static final Set<String> WRONG_SERVER =
      Set.of("READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK");

  RedisRefusal(ErrorType error) {
    super(Objects.requireNonNullElse(error.getMessage(), "ERR"), error);
  }

  /** The error's first word, by which Redis tells its kind. */
  String kind() {
    String text = text();
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  String text() {
    return Objects.requireNonNullElse(getMessage(), "");
  }

  boolean wrongServer() {
    return WRONG_SERVER.contains(kind());
  }

  /** What a caller of the port is told: he goes on without the cache. */
  SkepException toSkepException() {
    String detail =
        switch (kind()) {
          case "OOM" -> "The cache is full: let Redis drop what is old (maxmemory-policy)";
          case "NOAUTH", "WRONGPASS", "NOPERM" ->
              "The cache refuses Skep (" + kind() + "). Check its user, password and rights";
          default -> "The cache cannot serve now (" + kind() + ")";
        };
    return new SkepException(ErrorCode.UNAVAILABLE, detail, this);
  }
}
