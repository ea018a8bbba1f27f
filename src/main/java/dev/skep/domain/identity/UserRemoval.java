package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Deletes a user with his sessions, tokens, memberships, the permissions he was given, and his
 * empty home. In slices, as a transaction changes at most a thousand rows: the first one locks him
 * out, the last one takes the account, and who stops between them deletes him again.
 */
@Singleton
public class UserRemoval {

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final Memberships memberships;
  private final RootAdministrators administrators;
  private final Workspaces workspaces;
  private final Nodes nodes;

  UserRemoval(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      Memberships memberships,
      RootAdministrators administrators,
      Workspaces workspaces,
      Nodes nodes) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.memberships = memberships;
    this.administrators = administrators;
    this.workspaces = workspaces;
    this.nodes = nodes;
  }

  /**
   * Deletes a user.
   *
   * @throws SkepException {@code not-empty} while his home or its trash holds anything; {@code
   *     last-admin}; {@code precondition-failed}
   */
  public void delete(Caller caller, String name, Precondition condition) {
    caller.requireAdmin();
    UUID homeId = sql.read(tx -> accounts.require(tx, name).homeId());
    Precondition holds = condition;
    boolean gone;
    do {
      Precondition now = holds;
      Outbox.Stamp stamp = identities.stamp();
      gone = sql.write(tx -> slice(caller, tx, name, homeId, now, stamp));
      // The slice before has raised the revision that the condition spoke of.
      holds = Precondition.NONE;
    } while (!gone);
  }

  private boolean slice(
      Caller caller, Tx tx, String name, UUID homeId, Precondition condition, Outbox.Stamp stamp) {
    tx.mayUseReserve();
    identities.beginRights(tx);
    Workspace home = workspaces.begin(tx, homeId);
    identities.requireStillAdmin(caller, tx);
    Account account = accounts.require(tx, name);
    condition.check(account.revision());
    requireEmpty(tx, home);
    List<UUID> administered = administrators.administeredBy(tx, account.id());
    List<Change> changes = new ArrayList<>();
    boolean all = removeWhatRefersToHim(tx, account);
    if (all) {
      tx.update(AccountSql.DELETE_ENTRIES_OF_NODE, home.rootId());
      workspaces.delete(tx, home);
      tx.update(AccountSql.DELETE, account.id());
      changes.add(new Change("user.deleted", account.id().toString(), account));
    } else {
      lockOut(tx, account);
      changes.add(new Change("user.updated", account.id().toString(), locked(tx, account)));
    }
    if (account.admin() && !account.disabled()) {
      accounts.requireAnAdministrator(tx);
    }
    administrators.requireStill(tx, administered);
    identities.append(tx, stamp, caller, changes);
    Change ofHome =
        new Change(all ? "workspace.deleted" : "workspace.updated", home.id().toString(), home);
    identities.appendTo(tx, home.id(), home.seq(), stamp, caller, List.of(ofHome));
    return all;
  }

  private void requireEmpty(Tx tx, Workspace home) {
    if (!nodes.children(tx, home.rootId(), "", 1).isEmpty()) {
      throw new SkepException(
          ErrorCode.NOT_EMPTY, "His home still holds files or folders. Move or delete them first");
    }
    if (!nodes.children(tx, home.trashId(), "", 1).isEmpty()) {
      throw new SkepException(
          ErrorCode.NOT_EMPTY, "The trash of his home still holds something. Empty it first");
    }
  }

  /** Returns whether nothing is left. */
  private boolean removeWhatRefersToHim(Tx tx, Account account) {
    int room = Identities.SLICE;
    for (UUID id : credentials.ofAccount(tx, account.id(), room)) {
      room -= credentials.delete(tx, id);
      if (room < CredentialRows.MOST_ROWS) {
        return false;
      }
    }
    room -= memberships.removeFromAll(tx, Accounts.USER, account.id(), room);
    if (room > 0) {
      room -= removeEntries(tx, Accounts.USER, account.id(), room);
    }
    return room > 0;
  }

  static int removeEntries(Tx tx, int subjectKind, UUID subjectId, int limit) {
    List<Row> rows = tx.query(AccountSql.ENTRIES_OF_SUBJECT, subjectKind, subjectId, limit);
    rows.forEach(
        row -> tx.update(AccountSql.DELETE_ENTRY, row.id("node_id"), subjectKind, subjectId));
    return rows.size();
  }

  private static void lockOut(Tx tx, Account account) {
    tx.update(
        AccountSql.UPDATE,
        account.displayName(),
        account.email(),
        account.admin(),
        true,
        account.id());
  }

  private Account locked(Tx tx, Account account) {
    return accounts.find(tx, account.id()).orElseThrow();
  }
}
