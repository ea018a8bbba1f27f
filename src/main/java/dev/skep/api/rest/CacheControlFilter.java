package dev.skep.api.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

/**
 * Says of each answer that only the person's own browser may keep it, and must ask before it shows
 * it again: rights may be withdrawn at any time. An answer that says more has done so itself.
 */
@Provider
public class CacheControlFilter implements ContainerResponseFilter {

  static final String REVALIDATE = "private, no-cache";

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    MultivaluedMap<String, Object> headers = response.getHeaders();
    if (!headers.containsKey(HttpHeaders.CACHE_CONTROL)) {
      headers.putSingle(HttpHeaders.CACHE_CONTROL, REVALIDATE);
    }
  }
}
