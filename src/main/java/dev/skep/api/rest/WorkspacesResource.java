package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.common.SkepException;
import dev.skep.domain.workspace.NewWorkspace;
import dev.skep.domain.workspace.WorkspaceAdministration;
import dev.skep.domain.workspace.WorkspaceChange;
import dev.skep.domain.workspace.WorkspaceDirectory;
import dev.skep.domain.workspace.WorkspaceView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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

/** {@code /workspaces}: those that the caller can see, and their administration. */
@Path("/api/v1/workspaces")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class WorkspacesResource {

  private final CurrentCaller current;
  private final WorkspaceDirectory directory;
  private final WorkspaceAdministration administration;
  private final Pages pages;

  public WorkspacesResource(
      CurrentCaller current,
      WorkspaceDirectory directory,
      WorkspaceAdministration administration,
      Pages pages) {
    this.current = current;
    this.directory = directory;
    this.administration = administration;
    this.pages = pages;
  }

  @GET
  public Page<WorkspaceView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return directory.list(current.caller(), pages.of("workspaces", limit, cursor));
  }

  @POST
  public Response create(@Nullable NewWorkspace body) {
    if (body == null) {
      throw SkepException.field("/slug", "is needed");
    }
    WorkspaceView made = administration.create(current.caller(), body);
    return Answer.created("/api/v1/workspaces/" + made.slug(), made.revision(), made);
  }

  @GET
  @Path("/{slug}")
  public Response get(@PathParam("slug") String slug, @Context HttpHeaders headers) {
    WorkspaceView workspace = directory.get(current.caller(), slug);
    return Answer.of(headers, workspace.revision(), workspace);
  }

  @PATCH
  @Path("/{slug}")
  public Response change(
      @PathParam("slug") String slug, @Nullable JsonNode body, @Context HttpHeaders headers) {
    Patch patch = Patch.of(body, "name", "quota");
    WorkspaceView changed =
        administration.change(
            current.caller(),
            slug,
            new WorkspaceChange(patch.text("name"), Fields.quota(patch)),
            Preconditions.of(headers));
    return Answer.ok(changed.revision(), changed);
  }

  @DELETE
  @Path("/{slug}")
  public void delete(@PathParam("slug") String slug, @Context HttpHeaders headers) {
    administration.delete(current.caller(), slug, Preconditions.of(headers));
  }
}
