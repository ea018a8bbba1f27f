package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.SkepException;
import dev.skep.common.Utf8;
import dev.skep.domain.Caller;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads every body that is not content whole, whatever it calls itself, before anything starts
 * ({@link JsonBodies}), and gives the caller his Idempotency-Key with the digest of the request it
 * came with (P24).
 */
@Provider
@Priority(Priorities.ENTITY_CODER)
public class JsonBodyFilter implements ContainerRequestFilter {

  private static final int MAX_KEY_BYTES = 255;
  private static final String KEY = "Idempotency-Key";

  /** Whose body nothing reads. */
  private static final Set<String> WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

  private final CurrentCaller current;
  private final ResourceInfo resource;
  private final HttpServerRequest http;
  private final JsonBodies bodies;

  public JsonBodyFilter(
      CurrentCaller current, ResourceInfo resource, HttpServerRequest http, JsonBodies bodies) {
    this.current = current;
    this.resource = resource;
    this.http = http;
    this.bodies = bodies;
  }

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (WITHOUT_BODY.contains(request.getMethod())
        || resource.getResourceMethod().isAnnotationPresent(Bytes.class)) {
      return;
    }
    byte[] body = bodies.read(http, current.authenticated());
    UnicodeGuard.check(body);
    request.setEntityStream(new ByteArrayInputStream(body));
    if (body.length > 0) {
      // Readers parse its parameters too, and not all of them take every one.
      request.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
    }
    @Nullable String key = request.getHeaderString(KEY);
    if (request.getMethod().equals(HttpMethod.POST) && key != null) {
      take(request, key, body);
    }
  }

  private void take(ContainerRequestContext request, String key, byte[] body) {
    if (resource.getResourceMethod().isAnnotationPresent(ShowsSecret.class)) {
      throw SkepException.field(KEY, "is not taken here: a secret is shown once only");
    }
    if (key.isBlank() || Utf8.length(key) > MAX_KEY_BYTES) {
      throw SkepException.field(KEY, "must have 1 to " + MAX_KEY_BYTES + " bytes of UTF-8");
    }
    Caller caller = current.caller();
    current.is(caller.with(new Caller.RequestKey(key, digest(caller, request, body))));
  }

  private static byte[] digest(Caller caller, ContainerRequestContext request, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (!caller.scopes().isEmpty()) {
        // The answer to another of the user's credentials may lie outside this one's scopes.
        digest.update(caller.credentialId().toString().getBytes(StandardCharsets.UTF_8));
      }
      String head = request.getMethod() + " " + request.getUriInfo().getRequestUri().getRawPath();
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      @Nullable String query = request.getUriInfo().getRequestUri().getRawQuery();
      digest.update(("?" + (query == null ? "" : query) + "\n").getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
