package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.domain.identity.GroupView;
import dev.skep.domain.identity.Groups;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /groups}: groups of users and of other groups. */
@Path(GroupsResource.BASE)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class GroupsResource {

  static final String BASE = "/api/v1/groups";

  private final CurrentCaller current;
  private final Groups groups;
  private final Pages pages;

  public GroupsResource(CurrentCaller current, Groups groups, Pages pages) {
    this.current = current;
    this.groups = groups;
    this.pages = pages;
  }

  @GET
  public Page<GroupView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return groups.list(current.caller(), pages.of("groups", limit, cursor));
  }

  /** What a POST takes. */
  public record NewGroupJson(
      @Nullable String name,
      @Nullable String displayName,
      @Nullable List<@Nullable String> members) {}

  @POST
  public Response create(@Nullable NewGroupJson body) {
    NewGroupJson group = Fields.required(body, "");
    List<String> members =
        group.members() == null ? List.of() : Fields.elements(group.members(), "/members");
    GroupView made =
        groups.create(
            current.caller(), Fields.required(group.name(), "/name"), group.displayName(), members);
    return Answer.created(BASE + "/" + made.name(), made.revision(), made);
  }

  @GET
  @Path("/{name}")
  public Response get(@PathParam("name") String name, @Context HttpHeaders headers) {
    GroupView group = groups.get(current.caller(), name);
    return Answer.of(headers, group.revision(), group);
  }

  @PATCH
  @Path("/{name}")
  public Response change(
      @PathParam("name") String name, @Nullable JsonNode body, @Context HttpHeaders headers) {
    Patch patch = Patch.of(body, "displayName", "members");
    GroupView changed =
        groups.update(
            current.caller(),
            name,
            Fields.removed(patch, "displayName") ? name : patch.text("displayName"),
            Fields.removed(patch, "members") ? List.of() : Fields.strings(patch, "members"),
            Preconditions.of(headers));
    return Answer.ok(changed.revision(), changed);
  }

  @DELETE
  @Path("/{name}")
  public void delete(@PathParam("name") String name, @Context HttpHeaders headers) {
    groups.delete(current.caller(), name, Preconditions.of(headers));
  }

  @PUT
  @Path("/{name}/members/{subject}")
  public void addMember(
      @PathParam("name") String name,
      @PathParam("subject") String subject,
      @Context HttpHeaders headers) {
    groups.addMember(current.caller(), name, subject, Preconditions.of(headers));
  }

  @DELETE
  @Path("/{name}/members/{subject}")
  public void removeMember(
      @PathParam("name") String name,
      @PathParam("subject") String subject,
      @Context HttpHeaders headers) {
    groups.removeMember(current.caller(), name, subject, Preconditions.of(headers));
  }
}
