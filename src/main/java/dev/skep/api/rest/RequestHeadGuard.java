package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a broken {@link RequestHead} with a problem document and before any route looks at it.
 * The HTTP server would refuse some itself, but bare: it is told not to look at addresses ({@code
 * ServeCommand}) and to let four times as much pass (application.properties); what is longer than
 * that still gets its bare answer.
 */
@Singleton
public class RequestHeadGuard {

  /** Before the routes that set headers: they have a path, and matching a broken one ends it. */
  private static final int BEFORE_ALL = Integer.MIN_VALUE;

  /** Right after {@link UnreadBodies}, which must see each request that has a body. */
  private static final int EARLY = 99_000;

  private static final String REFUSAL = RequestHeadGuard.class.getName();

  /** A path that every route can read. */
  private static final String ANY_PATH = "/";

  private final Refusals refusals;
  private final Vertx vertx;

  public RequestHeadGuard(Refusals refusals, Vertx vertx) {
    this.refusals = refusals;
    this.vertx = vertx;
  }

  void look(@Observes Router router) {
    router.route().order(BEFORE_ALL).handler(this::look).failureHandler(this::lookAtRefused);
  }

  void register(@Observes Filters filters) {
    filters.register(this::answerRefused, EARLY);
  }

  private void look(RoutingContext context) {
    HttpServerRequest request = context.request();
    DateHeader.on(request.response());
    if (context.get(REFUSAL) != null) {
      context.next();
    } else if (!LastRequest.wasBefore(request)) {
      ignoreExpectationOfHttp10(request);
      RequestHead.refusal(request)
          .ifPresentOrElse(problem -> refuse(context, problem), context::next);
    }
  }

  /** The router refuses a few requests before any route, for want of a host for instance. */
  private void lookAtRefused(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (context.statusCode() != 400 || !(context.failure() instanceof VertxException failure)) {
      context.next();
    } else if (!LastRequest.wasBefore(request)) {
      refuse(
          context,
          RequestHead.refusal(request)
              .orElseGet(() -> new SkepException(ErrorCode.MALFORMED, reason(failure))));
    }
  }

  private static String reason(VertxException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "The head of the request is malformed");
  }

  /** A refused request goes on under another path, so that its answer gets the headers of all. */
  private void refuse(RoutingContext context, SkepException problem) {
    HttpServerRequest request = context.request();
    if (!RequestHead.isFramed(request) && request.version() != HttpVersion.HTTP_2) {
      LastRequest.is(context, vertx);
    }
    context.put(REFUSAL, problem).reroute(ANY_PATH);
  }

  /** Such a client would take {@code 100 Continue} for the answer (RFC 9110, section 10.1.1). */
  private static void ignoreExpectationOfHttp10(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_0) {
      request.headers().remove(HttpHeaders.EXPECT);
    }
  }

  private void answerRefused(RoutingContext context) {
    @Nullable SkepException refusal = context.get(REFUSAL);
    if (refusal == null) {
      context.next();
    } else {
      refusals.answer(context.request(), refusal);
    }
  }
}
