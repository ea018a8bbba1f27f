package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.Page;
import dev.skep.domain.files.Download;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.VersionView;
import dev.skep.domain.files.Versions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /nodes/{id}/versions}: the contents that a file has had. */
@Path("/api/v1/nodes")
@RunOnVirtualThread
public class VersionsResource {

  private final CurrentCaller current;
  private final Versions versions;
  private final RequestPermits permits;
  private final Pages pages;

  public VersionsResource(
      CurrentCaller current, Versions versions, RequestPermits permits, Pages pages) {
    this.current = current;
    this.versions = versions;
    this.permits = permits;
    this.pages = pages;
  }

  @GET
  @Path("/{id}/versions")
  @Produces(MediaType.APPLICATION_JSON)
  public Page<VersionView> list(
      @PathParam("id") String id,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    UUID node = NodeId.of(id);
    return versions.list(current.caller(), node, pages.of("versions " + node, limit, cursor));
  }

  @GET
  @Path("/{id}/versions/{version}/content")
  public Response content(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @Context HttpServerRequest http,
      @Context HttpHeaders headers) {
    return ContentAnswer.get(http, headers, permits, download(id, version));
  }

  @HEAD
  @Path("/{id}/versions/{version}/content")
  public Response contentHead(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @Context HttpHeaders headers) {
    return ContentAnswer.head(headers, download(id, version));
  }

  private Download download(String id, String version) {
    return versions.open(current.caller(), NodeId.of(id), NodeId.of(version));
  }

  @DELETE
  @Path("/{id}/versions/{version}")
  public void delete(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @Context HttpHeaders headers) {
    versions.delete(current.caller(), NodeId.of(id), NodeId.of(version), Preconditions.of(headers));
  }

  @POST
  @Path("/{id}/versions/{version}/restore")
  @Produces(MediaType.APPLICATION_JSON)
  public Response restore(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @Context HttpHeaders headers) {
    NodeView node =
        versions.restore(
            current.caller(), NodeId.of(id), NodeId.of(version), Preconditions.of(headers));
    return Answer.ok(node.revision(), node);
  }
}
