package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.SkepException;
import dev.skep.domain.files.Download;
import dev.skep.domain.files.FileContents;
import dev.skep.domain.files.Folders;
import dev.skep.domain.files.Lookup;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Target;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** {@code /nodes}: files and folders by their id, wherever they are. */
@Path("/api/v1/nodes")
@RunOnVirtualThread
public class NodesResource {

  private final CurrentCaller current;
  private final Lookup lookup;
  private final FileContents contents;
  private final Folders folders;
  private final RequestBodies bodies;
  private final RequestPermits permits;
  private final Pages pages;

  public NodesResource(
      CurrentCaller current,
      Lookup lookup,
      FileContents contents,
      Folders folders,
      RequestBodies bodies,
      RequestPermits permits,
      Pages pages) {
    this.current = current;
    this.lookup = lookup;
    this.contents = contents;
    this.folders = folders;
    this.bodies = bodies;
    this.permits = permits;
    this.pages = pages;
  }

  @GET
  @Path("lookup")
  @Produces(MediaType.APPLICATION_JSON)
  public Response lookup(@Context HttpServerRequest http, @Context HttpHeaders headers) {
    return answer(headers, lookup.node(current.caller(), RawPath.ofQuery(http.query(), "path")));
  }

  @GET
  @Path("{id}")
  @Produces(MediaType.APPLICATION_JSON)
  public Response get(@PathParam("id") String id, @Context HttpHeaders headers) {
    return answer(headers, lookup.node(current.caller(), target(id)));
  }

  private static Response answer(HttpHeaders headers, NodeView node) {
    return Answer.of(headers, node.revision(), node);
  }

  @GET
  @Path("{id}/children")
  @Produces(MediaType.APPLICATION_JSON)
  public Page<NodeView> children(@PathParam("id") String id, @BeanParam ChildrenQuery query) {
    return folders.children(current.caller(), target(id), query.of(pages, id));
  }

  /** What a POST to a folder's children takes. */
  public record NewFolder(@Nullable String name) {}

  @POST
  @Path("{id}/children")
  @Produces(MediaType.APPLICATION_JSON)
  public Response makeFolder(@PathParam("id") String id, @Nullable NewFolder body) {
    if (body == null || body.name() == null) {
      throw SkepException.field("/name", "is needed");
    }
    NodeView node = folders.make(current.caller(), NodeId.of(id), body.name());
    return Answer.created("/api/v1/nodes/" + node.id(), node.revision(), node);
  }

  @GET
  @Path("{id}/content")
  public Response content(
      @PathParam("id") String id, @Context HttpServerRequest http, @Context HttpHeaders headers) {
    return ContentAnswer.get(http, headers, permits, download(id));
  }

  @HEAD
  @Path("{id}/content")
  public Response contentHead(@PathParam("id") String id, @Context HttpHeaders headers) {
    return ContentAnswer.head(headers, download(id));
  }

  private Download download(String id) {
    return contents
        .open(current.caller(), target(id))
        .orElseThrow(
            () ->
                new SkepException(
                    ErrorCode.IS_A_FOLDER, "A folder has no content; ask for its children"));
  }

  @PUT
  @Path("{id}/content")
  @Bytes
  public Response putContent(
      @PathParam("id") String id, @Context HttpServerRequest http, @Context HttpHeaders headers)
      throws IOException {
    try (InputStream body = bodies.open(http)) {
      return StoredAnswer.of(
          contents.put(
              current.caller(),
              target(id),
              Preconditions.of(headers),
              ContentRequest.of(http, headers, body)));
    }
  }

  private static Target target(String id) {
    return Target.node(NodeId.of(id));
  }
}
