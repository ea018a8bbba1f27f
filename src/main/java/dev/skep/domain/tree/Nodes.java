package dev.skep.domain.tree;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Json;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of files and folders. Writing needs {@link Workspaces#begin} before, in the same
 * transaction.
 */
@Singleton
public class Nodes {

  /**
   * How many levels one statement climbs; a node may lie deeper, moved there with what is above.
   */
  private static final int LEVELS = 1001;

  private static final int ROWS = 1000;

  public Optional<Node> find(Tx tx, UUID id) {
    return tx.one(TreeSql.NODE, id).map(Node::of);
  }

  public Optional<Node> child(Tx tx, UUID parentId, String name) {
    return tx.one(TreeSql.CHILD, parentId, name).map(Node::of);
  }

  /**
   * The children after a name, in bytewise order of their names; from the beginning with an empty
   * name.
   */
  public List<Node> children(Tx tx, UUID parentId, String after, int limit) {
    return tx.query(TreeSql.CHILDREN, parentId, after, limit).stream().map(Node::of).toList();
  }

  /** The same of a trash, without tags and metadata. */
  public List<Node> trashed(Tx tx, UUID trashId, String after, int limit) {
    return tx.query(TreeSql.TRASHED, trashId, after, limit).stream().map(Node::of).toList();
  }

  /**
   * Children without large tags and metadata, so that many of them take little memory.
   *
   * @param whole whether nothing was left out
   */
  public record LightChildren(List<Node> nodes, boolean whole) {}

  /** The same as {@link #children}, but what is large is left out. */
  public LightChildren lightChildren(Tx tx, UUID parentId, String after, int limit) {
    List<Row> rows = tx.query(TreeSql.LIGHT_CHILDREN, parentId, after, limit);
    return new LightChildren(
        rows.stream().map(Node::of).toList(), rows.stream().allMatch(row -> row.flag("whole")));
  }

  /** How many bytes the tags and metadata of each child have, as {@link #children} lists them. */
  public List<Long> bytesOfChildren(Tx tx, UUID parentId, String after, int limit) {
    return tx.query(TreeSql.BYTES_OF_CHILDREN, parentId, after, limit).stream()
        .map(row -> row.number("bytes"))
        .toList();
  }

  /**
   * Walks a path from the workspace's root.
   *
   * @return the ids found, the root's first; as many as names and one more when the whole path
   *     exists
   */
  public List<UUID> resolve(Tx tx, UUID workspaceId, List<String> names) {
    String path = names.isEmpty() ? "" : String.join("/", names) + "/";
    return tx.query(TreeSql.RESOLVE, path, workspaceId).stream()
        .map(row -> row.idOrNull("id"))
        .takeWhile(id -> id != null)
        .map(id -> (UUID) id)
        .toList();
  }

  /** One step of the way from a node to its root. */
  public record Ancestor(
      UUID id,
      UUID parentId,
      String name,
      Node.Type type,
      @Nullable UUID rightsParentId,
      @Nullable String originName) {

    /** The step that a node is itself. */
    public static Ancestor of(Node node) {
      Node.@Nullable Trashed trashed = node.trashed();
      return new Ancestor(
          node.id(),
          node.parentId(),
          node.name(),
          node.type(),
          trashed == null ? null : trashed.rightsParentId(),
          trashed == null ? null : trashed.name());
    }

    public boolean trashed() {
      return rightsParentId != null;
    }

    /** What it inherits its rights from. */
    UUID above() {
      return rightsParentId == null ? parentId : rightsParentId;
    }

    static Ancestor of(Row row) {
      return new Ancestor(
          row.id("id"),
          row.id("parent_id"),
          row.text("name"),
          Node.Type.values()[(int) row.number("type")],
          row.idOrNull("rights_parent_id"),
          row.textOrNull("origin_name"));
    }
  }

  /**
   * The node itself and all above it up to the root, by the way its rights come: a node in the
   * trash is followed to where it was. Empty when there is no such node.
   */
  public List<Ancestor> ancestors(Tx tx, UUID id) {
    List<Ancestor> chain = new ArrayList<>();
    UUID next = id;
    List<Row> rows;
    do {
      rows = tx.query(TreeSql.ANCESTORS, next);
      rows.stream().map(Ancestor::of).forEach(chain::add);
      next = chain.isEmpty() ? id : chain.getLast().above();
    } while (rows.size() == LEVELS);
    return List.copyOf(chain);
  }

  /**
   * The same for items of a trash, read for all of them together.
   *
   * @param items as {@link #trashed} gives them after that name
   * @return for each item itself and all above it
   */
  public List<List<Ancestor>> ancestorsOfTrashed(
      Tx tx, UUID trashId, String after, List<Node> items) {
    if (items.isEmpty()) {
      return List.of();
    }
    Map<UUID, Ancestor> above = new HashMap<>();
    List<Row> rows;
    int offset = 0;
    do {
      rows = tx.query(TreeSql.ABOVE_TRASHED, trashId, after, items.getLast().name(), ROWS, offset);
      rows.stream().map(Ancestor::of).forEach(step -> above.put(step.id(), step));
      offset += ROWS;
    } while (rows.size() == ROWS);
    return items.stream().map(item -> chain(Ancestor.of(item), above)).toList();
  }

  private static List<Ancestor> chain(Ancestor lowest, Map<UUID, Ancestor> above) {
    List<Ancestor> chain = new ArrayList<>();
    for (Ancestor step = lowest; step != null; step = above.get(step.above())) {
      chain.add(step);
    }
    return chain;
  }

  public void insertFolder(Tx tx, UUID id, Node parent, String name, Instant at, UUID by) {
    nameTaken(name, () -> insertFolder(tx, id, parent.workspaceId(), parent.id(), name, at, by));
  }

  static void insertFolder(
      Tx tx, UUID id, UUID workspaceId, UUID parentId, String name, Instant at, UUID by) {
    tx.update(
        TreeSql.INSERT_NODE,
        id,
        workspaceId,
        parentId,
        name,
        Node.Type.FOLDER.ordinal(),
        Ids.ZERO,
        Ids.ZERO,
        0L,
        null,
        "",
        "[]",
        "{}",
        at,
        by,
        at,
        by,
        null);
  }

  /** What a file's row says of its content. */
  public record FileContent(
      UUID versionId,
      UUID contentId,
      long size,
      @Nullable String sha256,
      String mediaType,
      @Nullable Instant clientModifiedAt) {

    byte @Nullable [] digest() {
      return sha256 == null ? null : HexFormat.of().parseHex(sha256);
    }
  }

  /** Returns the new row. */
  public Node insertFile(
      Tx tx, UUID id, Node parent, String name, FileContent content, Instant at, UUID by) {
    return insertFile(tx, id, parent, name, content, List.of(), Map.of(), at, by);
  }

  /** Returns the new row. */
  public Node insertFile(
      Tx tx,
      UUID id,
      Node parent,
      String name,
      FileContent content,
      List<String> tags,
      Map<String, Object> metadata,
      Instant at,
      UUID by) {
    nameTaken(
        name,
        () ->
            tx.update(
                TreeSql.INSERT_NODE,
                id,
                parent.workspaceId(),
                parent.id(),
                name,
                Node.Type.FILE.ordinal(),
                content.versionId(),
                content.contentId(),
                content.size(),
                content.digest(),
                content.mediaType(),
                Json.write(tags),
                Json.write(metadata),
                at,
                by,
                at,
                by,
                content.clientModifiedAt()));
    return new Node(
        id,
        parent.workspaceId(),
        parent.id(),
        name,
        Node.Type.FILE,
        content.versionId(),
        content.contentId(),
        content.size(),
        content.sha256(),
        content.mediaType(),
        tags,
        metadata,
        1,
        at,
        by,
        at,
        by,
        content.clientModifiedAt(),
        null);
  }

  /** Returns the row as it is then. */
  public Node setContent(Tx tx, Node file, FileContent content, Instant at, UUID by) {
    tx.update(
        TreeSql.SET_CONTENT,
        content.versionId(),
        content.contentId(),
        content.size(),
        content.digest(),
        content.mediaType(),
        at,
        by,
        content.clientModifiedAt(),
        file.id());
    return file.with(content, at, by);
  }

  public void setProperties(
      Tx tx,
      UUID id,
      String mediaType,
      List<String> tags,
      Map<String, Object> metadata,
      @Nullable Instant clientModifiedAt,
      Instant at,
      UUID by) {
    tx.update(
        TreeSql.SET_PROPERTIES,
        mediaType,
        Json.write(tags),
        Json.write(metadata),
        at,
        by,
        clientModifiedAt,
        id);
  }

  /** Moves or renames: one row, whatever is below it. The caller has ruled out cycles. */
  public void move(Tx tx, UUID id, UUID parentId, String name) {
    nameTaken(name, () -> tx.update(TreeSql.MOVE, parentId, name, id));
  }

  public void trash(Tx tx, Node node, UUID trashId, Instant at, UUID by) {
    tx.update(
        TreeSql.TRASH,
        trashId,
        node.id().toString(),
        node.parentId(),
        node.parentId(),
        node.name(),
        at,
        by,
        node.id());
  }

  public void restore(Tx tx, UUID id, UUID parentId, String name) {
    nameTaken(name, () -> tx.update(TreeSql.RESTORE, parentId, name, id));
  }

  /** Takes the node, and all below it, out of its tree: only the sweeper finds it again. */
  public void detach(Tx tx, UUID id) {
    tx.update(TreeSql.DETACH, id.toString(), id);
  }

  public void delete(Tx tx, UUID id) {
    tx.update(TreeSql.DELETE_NODE, id);
  }

  /** Nodes of the trash that inherit their rights from this one. */
  public List<UUID> inheritingInTrash(Tx tx, UUID id, int limit) {
    return tx.query(TreeSql.ORPHANED_IN_TRASH, id, limit).stream()
        .map(row -> row.id("id"))
        .toList();
  }

  public void setRightsParent(Tx tx, UUID id, UUID rightsParentId) {
    tx.update(TreeSql.RE_PARENT_RIGHTS, rightsParentId, id);
  }

  private static void nameTaken(String name, Runnable change) {
    try {
      change.run();
    } catch (ConstraintViolation e) {
      throw new SkepException(
          ErrorCode.NAME_TAKEN,
          "There is already something named \"" + name + "\" in that folder",
          e);
    }
  }
}
