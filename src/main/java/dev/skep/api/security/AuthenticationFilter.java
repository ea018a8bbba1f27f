package dev.skep.api.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/**
 * Lets a request through with a valid session or access token (Bearer or Basic), or to an {@link
 * Open} resource.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class AuthenticationFilter implements ContainerRequestFilter {

  private final Callers callers;
  private final CurrentCaller current;
  private final ResourceInfo resource;

  public AuthenticationFilter(Callers callers, CurrentCaller current, ResourceInfo resource) {
    this.callers = callers;
    this.current = current;
    this.resource = resource;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (isOpen()) {
      return;
    }
    current.is(
        callers.authenticate(
            request.getHeaderString(HttpHeaders.AUTHORIZATION), current.requestId()));
  }

  private boolean isOpen() {
    return resource.getResourceMethod().isAnnotationPresent(Open.class)
        || resource.getResourceClass().isAnnotationPresent(Open.class);
  }
}
