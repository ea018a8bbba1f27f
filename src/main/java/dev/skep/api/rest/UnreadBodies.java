package dev.skep.api.rest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Reads what is left of a body once the request has been answered without it, a refused upload for
 * instance: else the next request on the connection would wait behind it for ever. A client that
 * goes on sending for long loses the connection.
 */
@Singleton
public class UnreadBodies {

  /** Long enough for most clients to come to the answer, which a reset could take from them. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int FIRST = 100_000;

  private final Vertx vertx;

  public UnreadBodies(Vertx vertx) {
    this.vertx = vertx;
  }

  void register(@Observes Filters filters) {
    filters.register(this::watch, FIRST);
  }

  private void watch(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (ContentRequest.mayHaveBody(request)) {
      // Asked for now, before the body can have ended: whoever comes late is never told. Not
      // isEnded(), which is false for a body that was read to its end by someone who pauses
      // between its parts.
      Future<Void> received = request.end();
      // Some answers are sent from other threads, and a request may only be touched on its own.
      Context own = vertx.getOrCreateContext();
      context.addEndHandler(answered -> own.runOnContext(then -> discardRest(request, received)));
    }
    context.next();
  }

  private void discardRest(HttpServerRequest request, Future<Void> received) {
    if (received.isComplete()) {
      return;
    }
    long timer = vertx.setTimer(PATIENCE.toMillis(), late -> RequestBody.giveUp(request));
    received.onComplete(end -> vertx.cancelTimer(timer));
    request.handler(discarded -> {});
    request.resume();
  }
}
