package dev.skep.api.rest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code Date} (RFC 9110, section 6.6.1), written once a second and not for each answer.
 * Thread-safe.
 */
final class DateHeader {

  /**
   * As HTTP writes times (RFC 9110, section 5.6.7); Java's own has one digit for a day below ten.
   */
  static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Written(long second, String text) {}

  private static final AtomicReference<Written> LAST = new AtomicReference<>(new Written(-1, ""));

  private DateHeader() {}

  static void on(HttpServerResponse response) {
    response.putHeader(HttpHeaders.DATE, now());
  }

  private static String now() {
    long second = System.currentTimeMillis() / 1_000;
    Written written = LAST.get();
    if (written.second != second) {
      written = new Written(second, FORM.format(Instant.ofEpochSecond(second)));
      LAST.set(written);
    }
    return written.text;
  }
}
