package dev.skep.api.rest;

import dev.skep.api.security.Callers;
import dev.skep.api.security.Credentials;
import dev.skep.api.security.CurrentCaller;
import dev.skep.api.security.Open;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * {@code /q/metrics}, for administrators and for whoever has the configured secret, which needs no
 * store: metrics are wanted most while {@code sql} is down. Not for everybody on this machine,
 * since behind a proxy all requests come from there.
 */
@Path("/q/metrics")
@Open // it looks for itself
@RunOnVirtualThread
public class MetricsResource {

  private final Metrics metrics;
  private final Callers callers;
  private final CurrentCaller current;

  public MetricsResource(Metrics metrics, Callers callers, CurrentCaller current) {
    this.metrics = metrics;
    this.callers = callers;
    this.current = current;
  }

  @GET
  @Produces("text/plain; version=0.0.4; charset=utf-8")
  public String get(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String header) {
    if (!(Credentials.of(header) instanceof Credentials.Bearer bearer
        && metrics.opensWith(bearer.secret()))) {
      callers.authenticate(header, current.requestId()).requireAdmin();
    }
    return metrics.text();
  }
}
