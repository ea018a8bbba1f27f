package dev.skep.api.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.SharedWithMe;
import dev.skep.domain.identity.Me;
import dev.skep.domain.identity.UserView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /me}: who the caller is. It has no ETag, as his groups and what he has used change without
 * his revision.
 */
@Path("/api/v1/me")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class MeResource {

  private final CurrentCaller current;
  private final Me me;
  private final SharedWithMe shared;
  private final Pages pages;

  public MeResource(CurrentCaller current, Me me, SharedWithMe shared, Pages pages) {
    this.current = current;
    this.me = me;
    this.shared = shared;
    this.pages = pages;
  }

  /** A user with his groups, all in one object. */
  public record MeJson(@JsonUnwrapped UserView user, List<String> groups) {}

  @GET
  public MeJson get() {
    Me.View view = me.get(current.caller());
    return new MeJson(view.user(), view.groups());
  }

  /** What others gave the caller. */
  @GET
  @Path("/shared")
  public Page<NodeView> shared(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return shared.list(current.caller(), pages.of("shared", limit, cursor));
  }
}
