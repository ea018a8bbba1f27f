package dev.skep.domain.tree;

import dev.skep.domain.Json;
import dev.skep.port.sql.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder as its row holds it.
 *
 * @param versionId the current version; zero for a folder
 * @param contentId the current content, a file's ETag; zero for a folder
 * @param sha256 hex; absent for folders, and for content whose whole digest is not known yet
 * @param clientModifiedAt when its user changed it, as the client says; absent: it did not say
 * @param trashed where it came from; absent unless it lies in the trash itself (not below something
 *     that does)
 */
public record Node(
    UUID id,
    UUID workspaceId,
    UUID parentId,
    String name,
    Type type,
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
    @Nullable Trashed trashed) {

  /** In the order of the column's values. */
  public enum Type {
    FOLDER,
    FILE
  }

  /** Where a node in the trash was, whose rights it still inherits, and who put it there. */
  public record Trashed(UUID originId, String name, UUID rightsParentId, Instant at, UUID by) {}

  public boolean isFolder() {
    return type == Type.FOLDER;
  }

  public boolean isFile() {
    return type == Type.FILE;
  }

  /** What its tags and metadata take of the quota: their JSON, nothing where there are none. */
  public long descriptionBytes() {
    return descriptionBytes(tags, metadata);
  }

  /** The same for tags and metadata that it is to have. */
  public static long descriptionBytes(List<String> tags, Map<String, Object> metadata) {
    return (tags.isEmpty() ? 0 : jsonBytes(tags)) + (metadata.isEmpty() ? 0 : jsonBytes(metadata));
  }

  private static long jsonBytes(Object value) {
    return Json.write(value).getBytes(StandardCharsets.UTF_8).length;
  }

  /** The row after its content was set. */
  Node with(Nodes.FileContent content, Instant at, UUID by) {
    return new Node(
        id,
        workspaceId,
        parentId,
        name,
        type,
        content.versionId(),
        content.contentId(),
        content.size(),
        content.sha256(),
        content.mediaType(),
        tags,
        metadata,
        revision + 1,
        createdAt,
        createdBy,
        at,
        by,
        content.clientModifiedAt(),
        trashed);
  }

  static Node of(Row row) {
    return new Node(
        row.id("id"),
        row.id("workspace_id"),
        row.id("parent_id"),
        row.text("name"),
        Type.values()[(int) row.number("type")],
        row.id("version_id"),
        row.id("content_id"),
        row.number("size"),
        hex(row.bytesOrNull("sha256")),
        row.text("media_type"),
        Json.strings(row.text("tags")),
        Json.map(row.text("metadata")),
        row.number("revision"),
        row.time("created_at"),
        row.id("created_by"),
        row.time("modified_at"),
        row.id("modified_by"),
        row.timeOrNull("client_modified_at"),
        trashed(row));
  }

  private static @Nullable Trashed trashed(Row row) {
    UUID rightsParent = row.idOrNull("rights_parent_id");
    if (rightsParent == null) {
      return null;
    }
    return new Trashed(
        row.id("origin_id"),
        row.text("origin_name"),
        rightsParent,
        row.time("deleted_at"),
        row.id("deleted_by"));
  }

  private static @Nullable String hex(byte @Nullable [] digest) {
    return digest == null ? null : HexFormat.of().formatHex(digest);
  }
}
