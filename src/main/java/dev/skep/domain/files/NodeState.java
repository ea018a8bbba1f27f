package dev.skep.domain.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Node;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node's whole state, as events carry it: the tree can be rebuilt from the last one of each node
 * (P10). Ids instead of names and no path, so that it stays true when something above it changes.
 *
 * @param trashed where it was; absent unless it lies in the trash itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeState(
    UUID id,
    UUID workspaceId,
    UUID parentId,
    String name,
    String type,
    UUID versionId,
    UUID contentId,
    long size,
    @Nullable String sha256,
    String mediaType,
    List<String> tags,
    Map<String, Object> metadata,
    long revision,
    Instant createdAt,
    UUID createdBy,
    Instant modifiedAt,
    UUID modifiedBy,
    @Nullable Instant clientModifiedAt,
    Node.@Nullable Trashed trashed) {

  public static NodeState of(Node node) {
    return new NodeState(
        node.id(),
        node.workspaceId(),
        node.parentId(),
        node.name(),
        word(node.type()),
        node.versionId(),
        node.contentId(),
        node.size(),
        node.sha256(),
        node.mediaType(),
        node.tags(),
        node.metadata(),
        node.revision(),
        node.createdAt(),
        node.createdBy(),
        node.modifiedAt(),
        node.modifiedBy(),
        node.clientModifiedAt(),
        node.trashed());
  }

  /**
   * The change that led to this state.
   *
   * @param type what happened: {@code node.created}
   */
  public Change after(String type) {
    return new Change(type, id.toString(), this);
  }

  /** The API's word for a type. */
  static String word(Node.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
