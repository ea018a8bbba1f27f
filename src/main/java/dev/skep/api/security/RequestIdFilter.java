package dev.skep.api.security;

import dev.skep.common.Ids;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names each request: by the client's X-Request-Id where that is sane, else by a new id; the answer
 * repeats it. It comes before matching, so that a refusal of the router is named too.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION - 100)
public class RequestIdFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final String HEADER = "X-Request-Id";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Ids ids;
  private final CurrentCaller current;

  public RequestIdFilter(Ids ids, CurrentCaller current) {
    this.ids = ids;
    this.current = current;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    @Nullable String given = request.getHeaderString(HEADER);
    boolean sane = given != null && SANE.matcher(given).matches();
    current.request(given != null && sane ? given : ids.next().toString());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!current.requestId().isEmpty()) {
      response.getHeaders().putSingle(HEADER, current.requestId());
    }
  }
}
