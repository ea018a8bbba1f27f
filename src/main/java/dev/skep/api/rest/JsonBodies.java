package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.domain.Caller;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON bodies whole, all of them together within a bound of memory.
 *
 * <p>Before log-in a body is far smaller and must come soon. A body of up to {@value #UNCOUNTED}
 * bytes holds less than its connection does, so it is not counted.
 */
@Singleton
public class JsonBodies {

  static final int MOST = 1 << 20;

  /** A name and a password of 1,000 characters, each written as an escape. */
  static final int MOST_BEFORE_LOG_IN = 16 << 10;

  private static final int UNCOUNTED = 2 << 10;
  private static final Duration BEFORE_LOG_IN = Duration.ofSeconds(10);

  /** As bytes, as text, and as what is made of it. */
  private static final int COPIES = 4;

  private static final Set<String> TYPES =
      Set.of("application/json", "application/merge-patch+json");

  private final RequestBodies bodies;
  private final RequestPermits permits;

  public JsonBodies(RequestBodies bodies, RequestPermits permits) {
    this.bodies = bodies;
    this.permits = permits;
  }

  /**
   * Empty where the request has none.
   *
   * @param caller absent before log-in
   * @throws SkepException {@code unsupported-media-type}, {@code too-large}, {@code busy}
   * @throws IOException when the client goes or is too slow
   */
  byte[] read(HttpServerRequest http, Optional<Caller> caller) throws IOException {
    long length = ContentRequest.length(http);
    if (length == 0) {
      return new byte[0];
    }
    if (length > 0) {
      requireJson(http);
    }
    int most = caller.isPresent() ? MOST : MOST_BEFORE_LOG_IN;
    if (length > most) {
      throw tooLarge(most);
    }
    admit(caller, length < 0 ? most : (int) length);
    try (InputStream body =
        caller.isPresent() ? bodies.open(http) : bodies.openShort(http, BEFORE_LOG_IN)) {
      byte[] read = body.readNBytes(most + 1);
      if (read.length > most) {
        throw tooLarge(most);
      }
      if (read.length > 0) {
        requireJson(http);
      }
      return read;
    }
  }

  private void admit(Optional<Caller> caller, int bytes) {
    if (bytes <= UNCOUNTED) {
      return;
    }
    if (caller.isPresent()) {
      permits.take(Kind.BODY, (long) bytes * COPIES);
    } else {
      permits.take(Kind.BODY_BEFORE_LOG_IN, bytes);
    }
  }

  /** A body without a type is taken as what is wanted (RFC 9110, section 8.3). */
  private static void requireJson(HttpServerRequest http) {
    @Nullable String contentType = http.getHeader(HttpHeaders.CONTENT_TYPE);
    if (contentType != null && !isJson(contentType)) {
      throw new SkepException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: send the body as application/json, a patch as application/merge-patch+json");
    }
  }

  /** Whatever its parameters say: JSON is UTF-8 (RFC 8259). */
  static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return TYPES.contains(type.strip().toLowerCase(java.util.Locale.ROOT));
  }

  private static SkepException tooLarge(int most) {
    return new SkepException(
        ErrorCode.TOO_LARGE,
        most == MOST
            ? "The JSON body is larger than " + most + " bytes"
            : "The JSON body is larger than " + most + " bytes, the most before log-in");
  }
}
