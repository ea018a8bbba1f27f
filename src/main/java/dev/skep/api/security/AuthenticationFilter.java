package dev.skep.api.security;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.identity.Authentication;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through with a valid session or access token (Bearer or Basic), or to an {@link
 * Open} resource.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class AuthenticationFilter implements ContainerRequestFilter {

  private final Authentication authentication;
  private final CurrentCaller current;
  private final ResourceInfo resource;

  public AuthenticationFilter(
      Authentication authentication, CurrentCaller current, ResourceInfo resource) {
    this.authentication = authentication;
    this.current = current;
    this.resource = resource;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (isOpen()) {
      return;
    }
    current.is(authenticate(request.getHeaderString(HttpHeaders.AUTHORIZATION)));
  }

  private boolean isOpen() {
    return resource.getResourceMethod().isAnnotationPresent(Open.class)
        || resource.getResourceClass().isAnnotationPresent(Open.class);
  }

  private Caller authenticate(@Nullable String header) {
    Credentials credentials = Credentials.of(header);
    return switch (credentials) {
      case Credentials.Bearer bearer -> authentication.bearer(bearer.secret(), current.requestId());
      case Credentials.Basic basic ->
          authentication.basic(basic.user(), basic.secret(), current.requestId());
      case Credentials.None ignored ->
          throw new SkepException(
              ErrorCode.UNAUTHENTICATED,
              "Send Authorization: Bearer with the secret of a session or access token, or Basic with user name and"
                  + " secret. POST /api/v1/sessions makes a session");
    };
  }
}
