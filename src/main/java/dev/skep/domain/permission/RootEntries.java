package dev.skep.domain.permission;

import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;

/**
 * The entries of a workspace that is made or removed, in the transaction that does so and has
 * decided that the caller may.
 */
@Singleton
public class RootEntries {

  /** Gives whoever makes the workspace all rights on its root. */
  public Change grantAll(Caller caller, Tx tx, Workspace workspace) {
    Entries.Entry entry =
        new Entries.Entry(
            workspace.rootId(),
            Subject.user(caller.accountId()),
            caller.name(),
            Rights.ALL,
            workspace.seq());
    tx.update(
        PermissionSql.INSERT_ENTRY,
        entry.nodeId(),
        entry.subject().kind().column(),
        entry.subject().id(),
        workspace.id(),
        entry.rights().bits(),
        entry.revision());
    return EntryState.change("permission.granted", entry, false);
  }

  /** Removes the entries of a workspace that holds nothing any more but its root. */
  public void removeAll(Caller caller, Tx tx, Workspace workspace) {
    tx.update(PermissionSql.DELETE_ENTRIES_OF_WORKSPACE, workspace.id());
  }
}
