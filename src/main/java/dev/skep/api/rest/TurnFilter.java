package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;

/**
 * Lets each person's requests run in turn with those of others. A request takes its turn once its
 * body is there, and gives it back before its answer is written: clients may be slow at both.
 */
@Provider
@Priority(Priorities.ENTITY_CODER + 1)
public class TurnFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private final CurrentCaller current;
  private final ResourceInfo resource;
  private final HttpServerRequest http;
  private final RequestPermits permits;

  public TurnFilter(
      CurrentCaller current,
      ResourceInfo resource,
      HttpServerRequest http,
      RequestPermits permits) {
    this.current = current;
    this.resource = resource;
    this.http = http;
    this.permits = permits;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    // A log-in waits with all others that check a password; content is on its way yet.
    if (current.authenticated().isPresent() && !contentFollows()) {
      permits.takeTurn(request.getMethod());
    }
  }

  private boolean contentFollows() {
    return resource.getResourceMethod().isAnnotationPresent(Bytes.class)
        && ContentRequest.mayHaveBody(http);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    permits.endTurn();
  }
}
