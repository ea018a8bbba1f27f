package dev.skep.port.etcd;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What etcd's answers and the line's failures mean. Details are shown to clients: no address. */
final class Failures {

  private Failures() {}

  /** The member, or the line to it: another one may answer. */
  static boolean isOfTheLine(StatusRuntimeException e) {
    return switch (e.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  static boolean isSilence(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  /** The token is unknown, expired, missing, or older than the last change of users and roles. */
  static boolean needsLogIn(StatusRuntimeException e) {
    String text = text(e);
    return text.contains("invalid auth token")
        || text.contains("user name is empty")
        || (text.contains("auth") && text.contains("is old"));
  }

  static boolean isWrongLogIn(StatusRuntimeException e) {
    return text(e).contains("authentication failed");
  }

  static boolean isWithoutAuthentication(StatusRuntimeException e) {
    return text(e).contains("authentication is not enabled");
  }

  static boolean isDenied(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
  }

  static boolean isCompacted(StatusRuntimeException e) {
    return text(e).contains("compacted");
  }

  static boolean isUnknownLease(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.NOT_FOUND && text(e).contains("lease");
  }

  static boolean isFull(StatusRuntimeException e) {
    return text(e).contains("space exceeded");
  }

  static @Nullable SSLException tlsFailure(StatusRuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException tls) {
        return tls;
      }
    }
    return null;
  }

  /**
   * What callers of the port get.
   *
   * @param sent whether this was a write that may have reached etcd
   */
  static SkepException translate(String port, StatusRuntimeException e, boolean sent) {
    if (isFull(e)) {
      return new SkepException(
          ErrorCode.NO_SPACE,
          port
              + ": etcd is full. Compact and defragment it or raise its quota, then disarm its"
              + " alarm",
          e);
    }
    if (isDenied(e)) {
      return unavailable(port, "etcd denies it. Grant Skep's user read and write on its prefix", e);
    }
    if (isWrongLogIn(e) || needsLogIn(e)) {
      return unavailable(port, "etcd refuses the log-in. Check its user and password", e);
    }
    if (sent && mayHaveHappened(e)) {
      return new UnknownOutcomeException(
          port + ": the answer of etcd was lost; the change may have been made", e);
    }
    return switch (e.getStatus().getCode()) {
      case DEADLINE_EXCEEDED -> unavailable(port, "etcd does not answer in time", e);
      case UNAVAILABLE -> unavailable(port, "etcd cannot be reached, or has no leader", e);
      default -> unavailable(port, "etcd refuses it" + reason(e), e);
    };
  }

  /** etcd's own words tell no address; those of libraries may. */
  private static String reason(StatusRuntimeException e) {
    return text(e).startsWith("etcdserver: ") ? ": " + text(e) : "";
  }

  static SkepException unavailable(String port, String what, @Nullable Throwable cause) {
    return new SkepException(ErrorCode.UNAVAILABLE, port + ": " + what, cause);
  }

  /** A refusal of the request itself tells that nothing was done. */
  private static boolean mayHaveHappened(StatusRuntimeException e) {
    return switch (e.getStatus().getCode()) {
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          false;
      default -> true;
    };
  }

  private static String text(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return description == null
        ? e.getStatus().getCode().toString().toLowerCase(Locale.ROOT)
        : description.toLowerCase(Locale.ROOT);
  }
}
