package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a broken address, and an address or headers that are too long, with a problem document
 * and before any route looks at them. The HTTP server would refuse them itself, but bare: it is
 * told not to look at addresses ({@code ServeCommand}) and to let four times as much pass
 * (application.properties); what is longer than that still gets its bare answer.
 */
@Singleton
public class RequestHeadGuard {

  static final int MAX_ADDRESS = 16 << 10;
  static final int MAX_HEADERS = 32 << 10;

  /** Of a header's line: the colon, the space and the line's end. */
  private static final int AROUND_A_HEADER = 4;

  /** Before the routes that set headers: they have a path, and matching a broken one ends it. */
  private static final int BEFORE_ALL = Integer.MIN_VALUE;

  /** Right after {@link UnreadBodies}, which must see each request that has a body. */
  private static final int EARLY = 99_000;

  private static final String REFUSAL = RequestHeadGuard.class.getName();

  /** A path that every route can read. */
  private static final String ANY_PATH = "/";

  private final Refusals refusals;

  public RequestHeadGuard(Refusals refusals) {
    this.refusals = refusals;
  }

  void look(@Observes Router router) {
    router.route().order(BEFORE_ALL).handler(RequestHeadGuard::look);
  }

  void register(@Observes Filters filters) {
    filters.register(this::answerRefused, EARLY);
  }

  /** A refused request goes on under another path, so that its answer gets the headers of all. */
  private static void look(RoutingContext context) {
    Optional<SkepException> refusal =
        context.get(REFUSAL) == null ? refusal(context.request()) : Optional.empty();
    refusal.ifPresentOrElse(
        problem -> context.put(REFUSAL, problem).reroute(ANY_PATH), context::next);
  }

  private void answerRefused(RoutingContext context) {
    @Nullable SkepException refusal = context.get(REFUSAL);
    if (refusal == null) {
      context.next();
    } else {
      refusals.answer(context.request(), refusal);
    }
  }

  private static Optional<SkepException> refusal(HttpServerRequest request) {
    String address = request.uri();
    if (address.length() > MAX_ADDRESS) {
      return Optional.of(
          new SkepException(
              ErrorCode.ADDRESS_TOO_LONG,
              "The address has more than "
                  + MAX_ADDRESS
                  + " bytes. Shorten the path or the query"));
    }
    if (headers(request) > MAX_HEADERS) {
      return Optional.of(
          new SkepException(
              ErrorCode.HEADERS_TOO_LARGE,
              "The headers have more than " + MAX_HEADERS + " bytes. Send fewer or shorter ones"));
    }
    return syntax(address);
  }

  private static long headers(HttpServerRequest request) {
    long bytes = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      bytes += header.getKey().length() + header.getValue().length() + AROUND_A_HEADER;
    }
    return bytes;
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
