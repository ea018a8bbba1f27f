package dev.skep.boot;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * {@code /q/health/live}, {@code ready} and {@code started}, open to anybody: names and up or down
 * only. They are routes rather than a REST resource, since they must answer whatever the API's
 * filters do, and not of SmallRye Health, since there any check that is down makes the whole down,
 * while here only {@code sql} holds readiness back (ADR 3). {@code started} is up as soon as the
 * replica waits for servers by itself: an orchestrator that kills what does not start would turn an
 * outage of {@code sql} into restarts of every replica.
 */
@Singleton
final class HealthRoutes {

  private final Lifecycle lifecycle;
  private final PortHealth ports;

  HealthRoutes(Lifecycle lifecycle, PortHealth ports) {
    this.lifecycle = lifecycle;
    this.ports = ports;
  }

  void add(@Observes Router router) {
    route(router, "live", context -> answer(context, true, List.of()));
    route(router, "started", context -> answer(context, lifecycle.hasStarted(), List.of()));
    route(router, "ready", context -> Thread.startVirtualThread(() -> ready(context)));
  }

  private static void route(
      Router router, String name, io.vertx.core.Handler<RoutingContext> handler) {
    router
        .route("/q/health/" + name)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(handler);
  }

  private void ready(RoutingContext context) {
    List<PortHealth.Check> checks = ports.checks();
    boolean sql = checks.stream().allMatch(check -> check.up() || check.port() != Port.SQL);
    answer(context, sql && lifecycle.isUp(), checks);
  }

  private static void answer(RoutingContext context, boolean up, List<PortHealth.Check> checks) {
    JsonArray list = new JsonArray();
    checks.forEach(check -> list.add(line(check.up()).put("name", check.port().word())));
    context
        .response()
        .setStatusCode(up ? 200 : 503)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(line(up).put("checks", list).encode());
  }

  private static JsonObject line(boolean up) {
    return new JsonObject().put("status", up ? "UP" : "DOWN");
  }
}
