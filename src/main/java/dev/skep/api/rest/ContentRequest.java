package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.files.Incoming;
import dev.skep.domain.files.MediaTypes;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a PUT of content. */
final class ContentRequest {

  /** What clients say that were given nothing to say. */
  private static final String FORM = "application/x-www-form-urlencoded";

  private ContentRequest() {}

  static Incoming of(HttpServerRequest http, HttpHeaders headers, InputStream body) {
    refuse(headers, HttpHeaders.CONTENT_ENCODING, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    refuse(headers, "Content-Range", ErrorCode.MALFORMED);
    return new Incoming(
        body, length(http), mediaType(headers), ClientTime.of(headers), Digests.of(headers));
  }

  /**
   * Stored as the content itself, an encoded or partial body would be wrong for ever (RFC 9110).
   */
  private static void refuse(HttpHeaders headers, String header, ErrorCode code) {
    @Nullable String value = headers.getHeaderString(header);
    if (value != null && !value.equalsIgnoreCase("identity")) {
      throw new SkepException(code, header + ": send the content whole and as it is");
    }
  }

  /** The body's announced length; {@link Incoming#UNKNOWN} when it is not announced. */
  static long length(HttpServerRequest http) {
    @Nullable String header = http.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (header == null) {
      return mayHaveBody(http) ? Incoming.UNKNOWN : 0;
    }
    try {
      return Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw SkepException.field(HttpHeaders.CONTENT_LENGTH, "must be a number of bytes");
    }
  }

  /** Whether a body may come. HTTP/2 needs no header for it: a stream just goes on (RFC 9113). */
  static boolean mayHaveBody(HttpServerRequest http) {
    @Nullable String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null
        ? http.version() == HttpVersion.HTTP_2 || http.getHeader("Transfer-Encoding") != null
        : !length.equals("0");
  }

  private static @Nullable String mediaType(HttpHeaders headers) {
    @Nullable String header = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    boolean said =
        header != null
            && !header.isBlank()
            && !header.regionMatches(true, 0, FORM, 0, FORM.length());
    return said ? MediaTypes.checked(header, HttpHeaders.CONTENT_TYPE) : null;
  }

  /** Refuses a body where none belongs. */
  static void requireEmpty(HttpServerRequest http, InputStream body) {
    if (length(http) > 0 || (length(http) < 0 && any(body))) {
      throw new SkepException(
          ErrorCode.MALFORMED,
          "A path that ends with a slash makes a folder, which has no content. Leave the slash or the body away");
    }
  }

  private static boolean any(InputStream body) {
    try {
      return body.read() >= 0;
    } catch (IOException e) {
      throw new SkepException(ErrorCode.INCOMPLETE, "The body broke off", e);
    }
  }
}
