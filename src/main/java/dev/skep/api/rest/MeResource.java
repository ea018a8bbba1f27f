package dev.skep.api.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.skep.api.security.CurrentCaller;
import dev.skep.domain.identity.Me;
import dev.skep.domain.identity.UserView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

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

  public MeResource(CurrentCaller current, Me me) {
    this.current = current;
    this.me = me;
  }

  /** A user with his groups, all in one object. */
  public record MeJson(@JsonUnwrapped UserView user, List<String> groups) {}

  @GET
  public MeJson get() {
    Me.View view = me.get(current.caller());
    return new MeJson(view.user(), view.groups());
  }
}
