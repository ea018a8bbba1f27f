package dev.skep.api.rest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures of requests: of each kind one a minute, with how many were left out since, and no
 * message longer than {@value #LONGEST_MESSAGE} characters. So clients cannot fill the log.
 * Thread-safe.
 */
@Singleton
public class FailureLog {

  private static final Logger LOG = Logger.getLogger(FailureLog.class);
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();
  private static final int MOST_KINDS = 200;
  private static final int LONGEST_MESSAGE = 500;
  private static final int DEEPEST_CAUSE = 8;

  private final LongSupplier nanoTime;

  /** When each kind was logged, and how many were left out since; the oldest is forgotten. */
  private final Map<String, Kind> kinds =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kind> eldest) {
          return size() > MOST_KINDS;
        }
      };

  private static final class Kind {
    long loggedAt;
    long leftOut;
  }

  @Inject
  public FailureLog() {
    this(System::nanoTime);
  }

  FailureLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A request failed for a reason that is none of the client's. */
  void failed(String requestId, Throwable error) {
    long leftOut = leftOut(kind(error));
    if (leftOut >= 0) {
      LOG.errorf(
          cut(error, DEEPEST_CAUSE),
          "request %s failed%s",
          requestId,
          leftOut == 0 ? "" : "; so did " + leftOut + " others since the last such line");
    }
  }

  /** How many were left out before this one; −1 when it is to be left out too. */
  long leftOut(String name) {
    long now = nanoTime.getAsLong();
    synchronized (kinds) {
      @Nullable Kind kind = kinds.get(name);
      if (kind == null) {
        kind = new Kind();
        kinds.put(name, kind);
      } else if (now - kind.loggedAt < PAUSE) {
        kind.leftOut++;
        return -1;
      }
      long leftOut = kind.leftOut;
      kind.leftOut = 0;
      kind.loggedAt = now;
      return leftOut;
    }
  }

  /** The same failure at the same place, whatever it says of its values. */
  private static String kind(Throwable error) {
    StackTraceElement[] trace = error.getStackTrace();
    return error.getClass().getName() + (trace.length == 0 ? "" : " " + trace[0]);
  }

  /** Messages of libraries quote what they were given, however long it is. */
  static Throwable cut(Throwable error, int depth) {
    @Nullable Throwable cause = error.getCause();
    @Nullable Throwable shortCause = cause == null || depth == 0 ? null : cut(cause, depth - 1);
    String text = error.toString();
    if (text.length() <= LONGEST_MESSAGE && shortCause == cause) {
      return error;
    }
    Throwable shorter =
        new Throwable(
            text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…",
            shortCause);
    shorter.setStackTrace(error.getStackTrace());
    return shorter;
  }
}
