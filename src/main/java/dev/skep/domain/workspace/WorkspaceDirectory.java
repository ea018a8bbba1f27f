package dev.skep.domain.workspace;

import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.domain.Caller;
import dev.skep.domain.permission.Access;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.Objects;

/**
 * The workspaces that a caller can see: those where he holds an entry on anything. An administrator
 * finds every one by its slug, to administer it; that opens no content to him.
 */
@Singleton
public class WorkspaceDirectory {

  private final SqlStore sql;
  private final Access access;

  public WorkspaceDirectory(SqlStore sql, Access access) {
    this.sql = sql;
    this.access = access;
  }

  /** Those where the caller holds an entry, by slug. */
  public Page<WorkspaceView> list(Caller caller, PageRequest page) {
    String after = Objects.requireNonNullElse(page.after(), "");
    return sql.read(
        tx ->
            Page.of(access.workspacesOf(caller, tx, after, page.limit() + 1), page, Workspace::slug)
                .map(workspace -> view(caller, tx, workspace)));
  }

  /** One of them; {@code home} is the caller's own. */
  public WorkspaceView get(Caller caller, String slug) {
    return sql.read(tx -> view(caller, tx, require(caller, tx, slug)));
  }

  /** Its figures tell of all that is in it, so they need a right on the root. */
  private WorkspaceView view(Caller caller, Tx tx, Workspace workspace) {
    boolean figures =
        administers(caller) || access.visible(caller, tx, workspace.rootId()).isPresent();
    return WorkspaceView.of(caller, workspace, figures);
  }

  /** The workspace of a slug, if the caller may know of it. */
  Workspace require(Caller caller, Tx tx, String slug) {
    return administers(caller)
        ? access.workspace(caller, tx, slug)
        : access.visibleWorkspace(caller, tx, slug);
  }

  static boolean administers(Caller caller) {
    return caller.admin() && caller.scopes().isEmpty();
  }
}
