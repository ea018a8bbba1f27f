package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Utf8;
import dev.skep.domain.Caller;
import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON bodies whole, up to 1 MiB, before anything starts, and gives the caller his
 * Idempotency-Key with the digest of the request it came with (P24).
 */
@Provider
@Priority(Priorities.ENTITY_CODER)
public class JsonBodyFilter implements ContainerRequestFilter {

  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_KEY_BYTES = 255;
  private static final String KEY = "Idempotency-Key";

  private final CurrentCaller current;
  private final ResourceInfo resource;

  public JsonBodyFilter(CurrentCaller current, ResourceInfo resource) {
    this.current = current;
    this.resource = resource;
  }

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (resource.getResourceMethod().isAnnotationPresent(Bytes.class)) {
      return;
    }
    boolean post = request.getMethod().equals(HttpMethod.POST);
    if (!post && !isJson(request.getMediaType())) {
      return;
    }
    byte[] body =
        request.hasEntity() ? request.getEntityStream().readNBytes(MAX_BYTES + 1) : new byte[0];
    if (body.length > MAX_BYTES) {
      throw new SkepException(
          ErrorCode.TOO_LARGE, "The JSON body is larger than " + MAX_BYTES + " bytes");
    }
    UnicodeGuard.check(body);
    request.setEntityStream(new ByteArrayInputStream(body));
    @Nullable String key = request.getHeaderString(KEY);
    if (post && key != null) {
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

  private static boolean isJson(@Nullable MediaType type) {
    return type != null
        && type.getType().equals("application")
        && (type.getSubtype().equals("json") || type.getSubtype().equals("merge-patch+json"));
  }
}
