package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes a request's address and headers unacceptable, whatever they ask for. */
final class RequestHead {

  static final int MAX_ADDRESS = 16 << 10;
  static final int MAX_HEADERS = 32 << 10;

  /** Of a header's line: the colon, the space and the line's end. */
  private static final int AROUND_A_HEADER = 4;

  private static final String CHUNKED = "chunked";
  private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

  /** What a browser says of a request that Skep's own page makes, or the person himself. */
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private RequestHead() {}

  /** Why the request is refused; empty when its head is in order. */
  static Optional<SkepException> refusal(HttpServerRequest request) {
    String address = request.uri();
    if (request.version() == null) {
      return refuse(ErrorCode.MALFORMED, "Only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here");
    }
    if (address.length() > MAX_ADDRESS) {
      return refuse(
          ErrorCode.ADDRESS_TOO_LONG,
          "The address has more than " + MAX_ADDRESS + " bytes. Shorten the path or the query");
    }
    if (bytes(request) > MAX_HEADERS) {
      return refuse(
          ErrorCode.HEADERS_TOO_LARGE,
          "The headers have more than " + MAX_HEADERS + " bytes. Send fewer or shorter ones");
    }
    if (!isFramed(request)) {
      return refuse(
          ErrorCode.MALFORMED,
          "Transfer-Encoding: only \"chunked\" is known here, once and without another coding");
    }
    if (!isPrintable(request)) {
      return refuse(ErrorCode.MALFORMED, "A header holds a line break or a NUL");
    }
    if (!namesOneHost(request)) {
      return refuse(
          ErrorCode.MALFORMED, "Host: send it once, as the name and port that the address has");
    }
    if (isFromElsewhere(request)) {
      return refuse(
          ErrorCode.FORBIDDEN,
          "The page of another site made this request, which changes something");
    }
    return syntax(address);
  }

  private static Optional<SkepException> refuse(ErrorCode code, String detail) {
    return Optional.of(new SkepException(code, detail));
  }

  private static long bytes(HttpServerRequest request) {
    long bytes = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += header.getKey().length() + header.getValue().length() + AROUND_A_HEADER;
    }
    return bytes;
  }

  /**
   * Whether it is known where the body ends (RFC 9112, section 6.3). The HTTP server takes a coding
   * that it does not know as none, and so the body as the next request.
   */
  static boolean isFramed(HttpServerRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return codings.isEmpty()
        || (codings.size() == 1
            && codings.getFirst().strip().equalsIgnoreCase(CHUNKED)
            && !request.headers().contains(HttpHeaders.CONTENT_LENGTH));
  }

  /** HTTP/2 could carry any character in a value, HTTP/1.1 not (RFC 9113, section 8.2.1). */
  private static boolean isPrintable(HttpServerRequest request) {
    for (Map.Entry<String, String> header : request.headers()) {
      if (isBroken(header.getKey()) || isBroken(header.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBroken(String text) {
    for (int at = 0; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == '\r' || next == '\n' || next == '\0') {
        return true;
      }
    }
    return false;
  }

  /** RFC 9112, section 3.2; only HTTP/1.0 goes without. */
  private static boolean namesOneHost(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() > 1) {
      return false;
    }
    if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
      return true;
    }
    return request.authority() != null && isAuthority(request.authority().toString());
  }

  private static boolean isAuthority(String text) {
    try {
      new URI("http://" + text);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * A browser adds the credentials that it keeps to the requests of any page; those without a body
   * need no leave of ours. It says itself whose page it was.
   */
  private static boolean isFromElsewhere(HttpServerRequest request) {
    @Nullable String site = request.getHeader(SEC_FETCH_SITE);
    return site != null && !OWN.contains(site) && !SAFE.contains(request.method());
  }

  static Optional<SkepException> syntax(String address) {
    try {
      new URI(address);
      return Optional.empty();
    } catch (URISyntaxException e) {
      int query = address.indexOf('?');
      boolean inPath = query < 0 || e.getIndex() < query;
      return Optional.of(
          new SkepException(
              inPath ? ErrorCode.BAD_PATH : ErrorCode.MALFORMED,
              "The "
                  + (inPath ? "path" : "query")
                  + ": "
                  + e.getReason()
                  + " at character "
                  + (e.getIndex() + 1)
                  + " of the address. A % must be followed by two hexadecimal digits, and what cannot stand in an"
                  + " address (RFC 3986) must be written so"));
    }
  }
}
