package dev.skep.api.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.SkepException;
import dev.skep.domain.Precondition;
import dev.skep.domain.files.Copies;
import dev.skep.domain.files.Moves;
import dev.skep.domain.files.NodePatch;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Trash;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /nodes/{id}}: rename, move, describe, copy and delete. */
@Path("/api/v1/nodes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class NodeChangesResource {

  private final CurrentCaller current;
  private final Moves moves;
  private final Copies copies;
  private final Trash trash;
  private final ObjectMapper mapper;

  public NodeChangesResource(
      CurrentCaller current, Moves moves, Copies copies, Trash trash, ObjectMapper mapper) {
    this.current = current;
    this.moves = moves;
    this.copies = copies;
    this.trash = trash;
    this.mapper = mapper;
  }

  @PATCH
  @Path("/{id}")
  public Response patch(
      @PathParam("id") String id, @Context HttpHeaders headers, @Nullable JsonNode body) {
    Patch patch =
        Patch.of(body, "name", "parentId", "tags", "metadata", "mediaType", "clientModifiedAt");
    NodePatch changes =
        new NodePatch(
            patch.text("name"),
            parentId(patch),
            tags(patch.value("tags")),
            metadata(patch.value("metadata")),
            patch.text("mediaType"),
            ClientTime.field("/clientModifiedAt", patch.text("clientModifiedAt")));
    NodeView node =
        moves.patch(current.caller(), NodeId.of(id), changes, Preconditions.of(headers));
    return Answer.ok(node.revision(), node);
  }

  private static @Nullable UUID parentId(Patch patch) {
    @Nullable String text = patch.text("parentId");
    return text == null ? null : NodeId.field("/parentId", text);
  }

  /** {@code null} removes all tags. */
  private static @Nullable List<String> tags(@Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    List<String> tags = new ArrayList<>();
    if (!value.isNull() && !value.isArray()) {
      throw SkepException.field("/tags", "must be a list of strings");
    }
    for (JsonNode tag : value) {
      if (!tag.isTextual()) {
        throw SkepException.field("/tags/" + tags.size(), "must be a string");
      }
      tags.add(tag.textValue());
    }
    return tags;
  }

  /** {@code null} removes all metadata. */
  private @Nullable UnaryOperator<Map<String, Object>> metadata(@Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    if (value.isNull()) {
      return before -> Map.of();
    }
    if (!(value instanceof ObjectNode changes)) {
      throw SkepException.field("/metadata", "must be an object");
    }
    return before ->
        mapper.convertValue(
            Patch.merge(mapper.valueToTree(before), changes), new TypeReference<>() {});
  }

  /** To the trash. */
  @DELETE
  @Path("/{id}")
  public void delete(@PathParam("id") String id, @Context HttpHeaders headers) {
    trash.put(current.caller(), NodeId.of(id), Preconditions.of(headers), Precondition.NONE);
  }

  /** What a copy takes. */
  public record CopyRequest(@Nullable String parentId, @Nullable String name) {}

  @POST
  @Path("/{id}/copy")
  public Response copy(
      @PathParam("id") String id, @Context HttpHeaders headers, @Nullable CopyRequest request) {
    if (request == null || request.parentId() == null) {
      throw SkepException.field("/parentId", "is needed: the id of the folder to copy into");
    }
    NodeView copy =
        copies.copy(
            current.caller(),
            NodeId.of(id),
            NodeId.field("/parentId", request.parentId()),
            request.name(),
            Preconditions.of(headers));
    return Answer.created("/api/v1/nodes/" + copy.id(), copy.revision(), copy);
  }
}
