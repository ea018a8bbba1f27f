package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.content.Contents;
import dev.skep.domain.identity.AccountNames;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Nodes.FileContent;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The contents that a file has had, newest first, and the way back to one of them. */
@Singleton
public class Versions {

  private final SqlStore sql;
  private final Edits edits;
  private final Access access;
  private final Nodes nodes;
  private final Workspaces workspaces;
  private final Contents contents;
  private final VersionRows rows;
  private final Views views;
  private final AccountNames names;
  private final Ids ids;

  public Versions(
      SqlStore sql,
      Edits edits,
      Access access,
      Nodes nodes,
      Workspaces workspaces,
      Contents contents,
      VersionRows rows,
      Views views,
      AccountNames names,
      Ids ids) {
    this.sql = sql;
    this.edits = edits;
    this.access = access;
    this.nodes = nodes;
    this.workspaces = workspaces;
    this.contents = contents;
    this.rows = rows;
    this.views = views;
    this.names = names;
    this.ids = ids;
  }

  /** A page of a file's versions, newest first; needs {@code read}. */
  public Page<VersionView> list(Caller caller, UUID id, PageRequest page) {
    return sql.read(
        tx -> {
          Node file = file(access.require(caller, tx, id, Right.READ));
          List<Row> found =
              tx.query(
                  VersionSql.PAGE, id, page.after(Long::valueOf, Long.MAX_VALUE), page.limit() + 1);
          Map<UUID, String> authors = authors(caller, tx, found);
          return Page.of(found, page, row -> Long.toString(row.number("number")))
              .map(row -> view(row, file, authors));
        });
  }

  private Map<UUID, String> authors(Caller caller, Tx tx, List<Row> found) {
    return names.of(
        caller, tx, found.stream().map(row -> row.id("created_by")).collect(Collectors.toSet()));
  }

  private static VersionView view(Row row, Node file, Map<UUID, String> authors) {
    return new VersionView(
        row.id("id"),
        row.number("size"),
        digest(row),
        row.text("media_type"),
        row.id("content_id").toString(),
        row.time("created_at"),
        authors.getOrDefault(row.id("created_by"), "skep"),
        row.timeOrNull("client_modified_at"),
        row.id("id").equals(file.versionId()));
  }

  /** The content of one version; needs {@code read}. */
  public Download open(Caller caller, UUID id, UUID versionId) {
    return sql.read(
        tx -> {
          Node file = file(access.require(caller, tx, id, Right.READ));
          Row version = version(tx, id, versionId);
          UUID contentId = version.id("content_id");
          return new Download(
              file.name(),
              version.text("media_type"),
              contentId.toString(),
              version.number("size"),
              digest(version),
              lastModified(version),
              contents.find(tx, contentId));
        });
  }

  /**
   * Makes an old content the current one, as a new version; needs {@code write}. The content keeps
   * its ETag. Restoring the current version changes nothing.
   */
  public NodeView restore(Caller caller, UUID id, UUID versionId, Precondition precondition) {
    UUID newVersionId = ids.next();
    return edits.edit(
        caller,
        tx -> workspaceOf(caller, tx, id),
        NodeView.class,
        edit -> {
          Located located = access.locate(caller, edit.tx(), id);
          Node file = file(located);
          precondition.check(file.revision());
          access.demand(located, Right.WRITE);
          Row old = version(edit.tx(), id, versionId);
          if (!old.id("content_id").equals(file.contentId())) {
            FileContent content =
                new FileContent(
                    newVersionId,
                    old.id("content_id"),
                    old.number("size"),
                    digest(old),
                    old.text("media_type"),
                    old.timeOrNull("client_modified_at"));
            workspaces.charge(edit.tx(), edit.workspace(file.workspaceId()), content.size());
            contents.reuse(edit.tx(), content.contentId());
            rows.add(edit.tx(), id, content, edit.at(), caller.accountId());
            Node after = nodes.setContent(edit.tx(), file, content, edit.at(), caller.accountId());
            edit.changed("node.updated", after);
          }
          return views.of(caller, edit.tx(), access.locate(caller, edit.tx(), id));
        });
  }

  /**
   * Removes a version that is not the current one, and gives its bytes back to the quota; needs
   * {@code delete}.
   */
  public void delete(Caller caller, UUID id, UUID versionId, Precondition precondition) {
    edits.edit(
        caller,
        tx -> workspaceOf(caller, tx, id),
        Boolean.class,
        edit -> {
          Located located = access.locate(caller, edit.tx(), id);
          Node file = file(located);
          Row version = version(edit.tx(), id, versionId);
          precondition.check(version.id("content_id").toString());
          access.demand(located, Right.DELETE);
          if (versionId.equals(file.versionId())) {
            throw new SkepException(
                ErrorCode.CURRENT_VERSION,
                "The current version cannot be deleted. Restore another one first, or delete the file");
          }
          edit.tx().mayUseReserve();
          edit.tx().update(VersionSql.DELETE, id, versionId);
          contents.release(edit.tx(), version.id("content_id"), edit.at());
          workspaces.credit(edit.tx(), file.workspaceId(), version.number("size"));
          edit.changed("node.version-deleted", id);
          return true;
        });
  }

  private Set<UUID> workspaceOf(Caller caller, Tx tx, UUID id) {
    return Set.of(file(access.locate(caller, tx, id)).workspaceId());
  }

  private static Row version(Tx tx, UUID id, UUID versionId) {
    return tx.one(VersionSql.ONE, id, versionId)
        .orElseThrow(() -> new SkepException(ErrorCode.NOT_FOUND, "The file has no such version"));
  }

  private static Node file(Located located) {
    if (located.node().isFolder()) {
      throw new SkepException(ErrorCode.IS_A_FOLDER, "A folder has no versions");
    }
    return located.node();
  }

  private static Instant lastModified(Row version) {
    @Nullable Instant said = version.timeOrNull("client_modified_at");
    return said == null ? version.time("created_at") : said;
  }

  private static @Nullable String digest(Row row) {
    byte @Nullable [] digest = row.bytesOrNull("sha256");
    return digest == null ? null : HexFormat.of().formatHex(digest);
  }
}
