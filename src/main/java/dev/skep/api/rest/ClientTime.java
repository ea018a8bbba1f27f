package dev.skep.api.rest;

import dev.skep.common.SkepException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** When the user changed a file, as sync clients say it, and as HTTP tells it to them. */
final class ClientTime {

  /** Seconds since 1970, as ownCloud's and Nextcloud's clients and rclone send them. */
  static final String HEADER = "X-OC-Mtime";

  private static final int MAX_LENGTH = 32;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

  private ClientTime() {}

  static @Nullable Instant of(HttpHeaders headers) {
    @Nullable String value = headers.getHeaderString(HEADER);
    if (value == null) {
      return null;
    }
    if (value.length() > MAX_LENGTH) {
      throw malformed();
    }
    int dot = value.indexOf('.');
    try {
      // A fraction is dropped: the clients that send one mean whole seconds too.
      return inRange(
          HEADER, Instant.ofEpochSecond(Long.parseLong(dot < 0 ? value : value.substring(0, dot))));
    } catch (NumberFormatException | DateTimeException e) {
      throw malformed();
    }
  }

  private static SkepException malformed() {
    return SkepException.field(HEADER, "must be a number of seconds since 1970");
  }

  /** Of a field of JSON. */
  static @Nullable Instant field(String pointer, @Nullable String text) {
    @Nullable Instant at = Fields.time(text, pointer);
    return at == null ? null : inRange(pointer, at);
  }

  private static Instant inRange(String where, Instant at) {
    if (at.isBefore(FIRST) || !at.isBefore(AFTER_LAST)) {
      throw SkepException.field(where, "must lie in the years 1 to 9999");
    }
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  /** The value of Last-Modified, which is never later than now (RFC 9110 section 8.8.2.1). */
  static String lastModified(Instant at) {
    Instant now = Instant.now();
    return DateHeader.FORM.format(at.isAfter(now) ? now : at);
  }
}
