package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/** Seals the cursor of every page that is answered; {@link Pages} opens it. */
@Provider
public class SealedPages implements ContainerResponseFilter {

  private final CursorSeal seal;
  private final CurrentCaller current;

  public SealedPages(CursorSeal seal, CurrentCaller current) {
    this.seal = seal;
    this.current = current;
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof Page<?> page) {
      @Nullable String cursor = page.nextCursor();
      if (cursor != null) {
        response.setEntity(new Page<>(page.items(), seal.seal(current.caller(), cursor)));
      }
    }
  }
}
