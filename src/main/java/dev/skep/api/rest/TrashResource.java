package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.common.SkepException;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Trash;
import dev.skep.domain.files.TrashItem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** {@code /trash}: what was deleted, the way back, and the end. */
@Path("/api/v1/trash")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TrashResource {

  private final CurrentCaller current;
  private final Trash trash;
  private final Pages pages;

  public TrashResource(CurrentCaller current, Trash trash, Pages pages) {
    this.current = current;
    this.trash = trash;
    this.pages = pages;
  }

  @GET
  public Page<TrashItem> list(
      @QueryParam("workspace") @Nullable String workspace,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String slug = required(workspace);
    return trash.list(current.caller(), slug, pages.of("trash " + slug, limit, cursor));
  }

  @DELETE
  public void empty(@QueryParam("workspace") @Nullable String workspace) {
    trash.empty(current.caller(), required(workspace));
  }

  @DELETE
  @Path("/{id}")
  public void purge(@PathParam("id") String id, @Context HttpHeaders headers) {
    trash.purge(current.caller(), NodeId.of(id), Preconditions.of(headers));
  }

  /** Where to restore to; all may be absent. */
  public record RestoreRequest(@Nullable String parentId, @Nullable String name) {}

  @POST
  @Path("/{id}/restore")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public Response restore(
      @PathParam("id") String id, @Context HttpHeaders headers, @Nullable RestoreRequest request) {
    @Nullable String parentId = request == null ? null : request.parentId();
    NodeView node =
        trash.restore(
            current.caller(),
            NodeId.of(id),
            parentId == null ? null : NodeId.field("/parentId", parentId),
            request == null ? null : request.name(),
            Preconditions.of(headers));
    return Answer.ok(node.revision(), node);
  }

  private static String required(@Nullable String workspace) {
    if (workspace == null || workspace.isEmpty()) {
      throw SkepException.field("workspace", "is needed: the slug of a workspace, or home");
    }
    return workspace;
  }
}
