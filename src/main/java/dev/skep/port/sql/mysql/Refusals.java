package dev.skep.port.sql.mysql;

import dev.skep.port.CannotOpen;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Which failures of a connection no retry mends, and the key that is wrong then. */
final class Refusals {

  static final String DATABASE = "skep.sql.mysql.database";

  private static final String PREFIX = "skep.sql.mysql.";

  private Refusals() {}

  static boolean areForGood(SqlFailure e) {
    return keyOf(e) != null;
  }

  /** The report for a failure that is for good. */
  static CannotOpen report(SqlFailure e, Connector.Access access) {
    String key = keyOf(e);
    if (key == null) {
      throw new IllegalArgumentException("a retry may help", e);
    }
    return new CannotOpen(PREFIX + key, detail(e, key, access), e);
  }

  private static @Nullable String keyOf(SqlFailure e) {
    return switch (e.code()) {
      case 0 -> keyOf((Throwable) e);
      case 1045, 1698, 1820, 1862 -> "password";
      case 1044, 1049 -> "database";
      case 1130, 1142, 1143, 1227, 1251, 1275, 1370, 1524, 3118, 4151 -> "user";
      case 3159 -> "tls";
      default -> null;
    };
  }

  private static @Nullable String keyOf(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "tls-ca";
      }
      if (cause instanceof SSLException && isNoCut(cause)) {
        return "tls";
      }
      if (cause instanceof UnsupportedOperationException) {
        return "user";
      }
    }
    return null;
  }

  /** A handshake that a dying line cut short is no refusal. */
  private static boolean isNoCut(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return false;
      }
    }
    String text = String.valueOf(e.getMessage());
    return text.contains("not an SSL/TLS record") || text.contains("alert");
  }

  private static String detail(SqlFailure e, String key, Connector.Access access) {
    return switch (key) {
      case "password" ->
          "the server refuses the account %s or its password (error %d)%s"
              .formatted(
                  access.user(), e.code(), access.tls() ? "" : "; or it wants TLS of the account");
      case "database" ->
          "there is no database %s, or the account %s has no rights on it (error %d). Make it: CREATE DATABASE %s; GRANT ALL ON %s.* TO the account"
              .formatted(
                  access.database(), access.user(), e.code(), access.database(), access.database());
      case "tls-ca" ->
          "the server's certificate is not valid, comes from no authority that is trusted, or does"
              + " not name the host of its endpoint";
      case "tls" ->
          access.tls()
              ? "the server does not speak TLS"
              : "the server takes only encrypted connections. Set it to true";
      default -> ofAccount(e, access);
    };
  }

  private static String ofAccount(SqlFailure e, Connector.Access access) {
    if (e.code() == 0) {
      return "the account %s does not exist (MySQL does not say so), or signs in by another way than caching_sha2_password or mysql_native_password"
          .formatted(access.user());
    }
    return "the account %s may not do what is needed (%s). It needs all rights on the database %s, from this host, and signs in by mysql_native_password or caching_sha2_password"
        .formatted(access.user(), e.getMessage(), access.database());
  }
}
