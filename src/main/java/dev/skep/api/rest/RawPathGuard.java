package dev.skep.api.rest;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a path that was sent with dot segments or bad encoding, before it is matched: normalised,
 * it would reach another resource than the one that it names.
 */
@Provider
@PreMatching
public class RawPathGuard implements ContainerRequestFilter {

  private final HttpServerRequest http;

  public RawPathGuard(HttpServerRequest http) {
    this.http = http;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    @Nullable String path = http.path();
    Arrays.stream(path == null ? new String[0] : path.split("/", -1))
        .map(RawPath::decode)
        .filter(name -> !name.isEmpty())
        .forEach(RawPath::check);
  }
}
