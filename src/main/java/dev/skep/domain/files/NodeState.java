package dev.skep.domain.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Node;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node's state, as events carry it: the tree can be rebuilt from those of each node, in their
 * order (P10). Ids instead of names and no path, so that it stays true when something above it
 * changes.
 *
 * @param tags absent where the change left tags and metadata as they were, which may be large
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
    @Nullable List<String> tags,
    @Nullable Map<String, Object> metadata,
    long revision,
    Instant createdAt,
    UUID createdBy,
    Instant modifiedAt,
    UUID modifiedBy,
    @Nullable Instant clientModifiedAt,
    Node.@Nullable Trashed trashed) {

  /** What can change tags and metadata. */
  private static final Set<String> DESCRIBING = Set.of("node.created", "node.described");

  /**
   * The change that led to this state.
   *
   * @param type what happened: {@code node.renamed}
   */
  static Change change(String type, Node node) {
    return new Change(type, node.id().toString(), of(node, DESCRIBING.contains(type)));
  }

  private static NodeState of(Node node, boolean described) {
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
        described ? node.tags() : null,
        described ? node.metadata() : null,
        node.revision(),
        node.createdAt(),
        node.createdBy(),
        node.modifiedAt(),
        node.modifiedBy(),
        node.clientModifiedAt(),
        node.trashed());
  }

  /** The API's word for a type. */
  static String word(Node.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
