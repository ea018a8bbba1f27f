package dev.skep.api.rest;

import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Stored;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The answer to a PUT: the node, with the ETag of what was stored. */
final class StoredAnswer {

  private StoredAnswer() {}

  static Response of(Stored stored) {
    NodeView node = stored.node();
    @Nullable String etag = node.etag();
    return Response.status(stored.created() ? 201 : 200)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(
            HttpHeaders.ETAG,
            Preconditions.quote(etag == null ? RepresentationTag.of(node.revision(), node) : etag))
        .entity(node)
        .build();
  }
}
