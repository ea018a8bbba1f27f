package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.files.Download;
import dev.skep.domain.files.FileContents;
import dev.skep.domain.files.FilePath;
import dev.skep.domain.files.Folders;
import dev.skep.domain.files.Lookup;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Stored;
import dev.skep.domain.files.Trash;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** {@code /files/{workspace}/{path}}: bytes in and out by their path. */
@Path(FilesResource.BASE + "{path: .*}")
@RunOnVirtualThread
public class FilesResource {

  static final String BASE = "/api/v1/files/";

  private final CurrentCaller current;
  private final FileContents contents;
  private final Folders folders;
  private final Lookup lookup;
  private final Trash trash;
  private final RequestBodies bodies;
  private final RequestPermits permits;
  private final Pages pages;

  public FilesResource(
      CurrentCaller current,
      FileContents contents,
      Folders folders,
      Lookup lookup,
      Trash trash,
      RequestBodies bodies,
      RequestPermits permits,
      Pages pages) {
    this.current = current;
    this.contents = contents;
    this.folders = folders;
    this.lookup = lookup;
    this.trash = trash;
    this.bodies = bodies;
    this.permits = permits;
    this.pages = pages;
  }

  @GET
  public Response get(
      @Context HttpServerRequest http,
      @Context HttpHeaders headers,
      @BeanParam ChildrenQuery query) {
    FilePath path = path(http);
    Optional<Download> file = contents.open(current.caller(), path);
    return file.map(download -> ContentAnswer.get(http, headers, permits, download))
        .orElseGet(() -> children(path, query));
  }

  private Response children(FilePath path, ChildrenQuery query) {
    FilePath folder = new FilePath(path.workspace(), path.names(), true);
    return Response.ok(folders.children(current.caller(), path, query.of(pages, folder.toString())))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  @HEAD
  public Response head(@Context HttpServerRequest http, @Context HttpHeaders headers) {
    Optional<Download> file = contents.open(current.caller(), path(http));
    return file.map(download -> ContentAnswer.head(headers, download))
        .orElseGet(() -> Response.ok().type(MediaType.APPLICATION_JSON_TYPE).build());
  }

  @PUT
  @Bytes
  public Response put(@Context HttpServerRequest http, @Context HttpHeaders headers)
      throws IOException {
    Caller caller = current.caller();
    FilePath path = path(http);
    try (InputStream body = bodies.open(http)) {
      if (path.folder()) {
        ContentRequest.requireEmpty(http, body);
        Stored folder = folders.makePath(caller, path, Preconditions.of(headers));
        return StoredAnswer.of(folder);
      }
      return StoredAnswer.of(
          contents.put(
              caller, path, Preconditions.of(headers), ContentRequest.of(http, headers, body)));
    }
  }

  /** To the trash; an If-Match is compared with the content's ETag, as this resource gives it. */
  @DELETE
  public void delete(@Context HttpServerRequest http, @Context HttpHeaders headers) {
    Caller caller = current.caller();
    NodeView node = lookup.node(caller, path(http));
    trash.put(caller, node.id(), Precondition.NONE, Preconditions.of(headers));
  }

  private static FilePath path(HttpServerRequest http) {
    return RawPath.of(http.path(), BASE);
  }
}
