package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.SkepException;
import dev.skep.domain.permission.NodePermissions;
import dev.skep.domain.permission.PermissionEntry;
import dev.skep.domain.permission.Permissions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /nodes/{id}/permissions}: who may do what on a node. */
@Path("/api/v1/nodes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class PermissionsResource {

  private final CurrentCaller current;
  private final Permissions permissions;

  public PermissionsResource(CurrentCaller current, Permissions permissions) {
    this.current = current;
    this.permissions = permissions;
  }

  @GET
  @Path("/{id}/permissions")
  public NodePermissions list(@PathParam("id") String id) {
    return permissions.list(current.caller(), NodeId.of(id));
  }

  /** What a PUT of an entry takes; no rights at all end inheritance. */
  public record NewEntry(@Nullable List<@Nullable String> rights) {

    List<String> checked() {
      if (rights == null || rights.stream().anyMatch(Objects::isNull)) {
        throw SkepException.field(
            "/rights",
            "must be a list of read, write, delete, share, admin, or [] to end inheritance");
      }
      return rights.stream().map(String::valueOf).toList();
    }
  }

  @PUT
  @Path("/{id}/permissions/{subject}")
  public Response put(
      @PathParam("id") String id,
      @PathParam("subject") String subject,
      @Nullable NewEntry body,
      @Context HttpHeaders headers) {
    List<String> rights = (body == null ? new NewEntry(null) : body).checked();
    Permissions.Written written =
        permissions.put(
            current.caller(), NodeId.of(id), subject, rights, Preconditions.of(headers));
    PermissionEntry entry = written.entry();
    return written.created()
        ? Answer.created(
            "/api/v1/nodes/" + id + "/permissions/" + entry.subject(), entry.revision(), entry)
        : Answer.ok(entry.revision(), entry);
  }

  @DELETE
  @Path("/{id}/permissions/{subject}")
  public void delete(
      @PathParam("id") String id,
      @PathParam("subject") String subject,
      @Context HttpHeaders headers) {
    permissions.delete(current.caller(), NodeId.of(id), subject, Preconditions.of(headers));
  }
}
