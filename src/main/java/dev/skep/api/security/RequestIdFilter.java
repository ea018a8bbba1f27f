package dev.skep.api.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import org.jboss.logging.MDC;

/**
 * Names each request ({@link RequestIds}); the answer repeats the name. It comes before matching,
 * so that a refusal of the router is named too.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION - 100)
public class RequestIdFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private final RequestIds requestIds;
  private final CurrentCaller current;

  public RequestIdFilter(RequestIds requestIds, CurrentCaller current) {
    this.requestIds = requestIds;
    this.current = current;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String id = requestIds.of(request.getHeaderString(RequestIds.HEADER));
    current.request(id);
    // Every line that the log gets while this request runs carries it.
    MDC.put("requestId", id);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!current.requestId().isEmpty()) {
      response.getHeaders().putSingle(RequestIds.HEADER, current.requestId());
    }
  }
}
