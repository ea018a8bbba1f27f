package dev.skep.port.zookeeper;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper's answers and the line's failures mean. Details are shown to clients: no address.
 */
public final class Failures {

  private Failures() {}

  /** The server, or the line to it: the same session may be served by another one. */
  static boolean isOfTheLine(KeeperException e) {
    return switch (e.code()) {
      case CONNECTIONLOSS, REQUESTTIMEOUT, OPERATIONTIMEOUT, SESSIONMOVED, THROTTLEDOP -> true;
      default -> false;
    };
  }

  static boolean endsTheSession(KeeperException e) {
    return switch (e.code()) {
      case SESSIONEXPIRED, AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH -> true;
      default -> false;
    };
  }

  static boolean isDenied(KeeperException e) {
    return e.code() == KeeperException.Code.NOAUTH;
  }

  /** What callers of the port get. */
  public static SkepException translate(String port, KeeperException e) {
    return switch (e.code()) {
      case CONNECTIONLOSS, SESSIONMOVED ->
          unavailable(port, "ZooKeeper cannot be reached, or has no leader", e);
      case REQUESTTIMEOUT, OPERATIONTIMEOUT, THROTTLEDOP ->
          unavailable(port, "ZooKeeper does not answer in time", e);
      case SESSIONEXPIRED -> unavailable(port, "the session with ZooKeeper is over", e);
      case NOAUTH ->
          unavailable(
              port,
              "ZooKeeper denies it: the node belongs to another user or password, or to none",
              e);
      case AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
          unavailable(port, "ZooKeeper refuses the log-in. Check its user and password", e);
      case QUOTAEXCEEDED ->
          new SkepException(
              ErrorCode.NO_SPACE, port + ": the quota of its node in ZooKeeper is exceeded", e);
      default -> unavailable(port, "ZooKeeper refuses it: " + e.code(), e);
    };
  }

  public static SkepException unavailable(String port, String what, @Nullable Throwable cause) {
    return new SkepException(ErrorCode.UNAVAILABLE, port + ": " + what, cause);
  }
}
