package dev.skep.domain.workspace;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.identity.Identities;
import dev.skep.domain.outbox.Answers;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.RootEntries;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Makes, changes and removes shared workspaces. Administrators do; whoever holds {@code admin} on
 * the root may rename it.
 */
@Singleton
public class WorkspaceAdministration {

  private final SqlStore sql;
  private final Workspaces workspaces;
  private final Nodes nodes;
  private final Access access;
  private final Identities identities;
  private final RootEntries rootEntries;
  private final WorkspaceDirectory directory;
  private final Outbox outbox;
  private final Answers answers;
  private final Ids ids;
  private final InstantSource clock;

  public WorkspaceAdministration(
      SqlStore sql,
      Workspaces workspaces,
      Nodes nodes,
      Access access,
      Identities identities,
      RootEntries rootEntries,
      WorkspaceDirectory directory,
      Outbox outbox,
      Answers answers,
      Ids ids,
      InstantSource clock) {
    this.sql = sql;
    this.workspaces = workspaces;
    this.nodes = nodes;
    this.access = access;
    this.identities = identities;
    this.rootEntries = rootEntries;
    this.directory = directory;
    this.outbox = outbox;
    this.answers = answers;
    this.ids = ids;
    this.clock = clock;
  }

  /** Makes a shared workspace, on whose root its creator has all rights. */
  public WorkspaceView create(Caller caller, NewWorkspace request) {
    caller.requireAdmin();
    String slug = request.checkedSlug();
    String name = request.checkedName();
    long quota = request.checkedQuota();
    UUID id = ids.next();
    Workspaces.Roots roots = new Workspaces.Roots(ids.next(), ids.next());
    Outbox.Stamp stamp = stamp();
    return sql.write(
        tx -> {
          tx.update(WorkspaceSql.SERIALISE);
          identities.requireStillAdmin(caller, tx);
          return answers.once(
              tx,
              caller,
              stamp.at(),
              WorkspaceView.class,
              () -> {
                insert(tx, caller, stamp, id, slug, name, quota, roots);
                Workspace made = workspaces.begin(tx, id);
                Change created = change("workspace.created", made);
                Change granted = rootEntries.grantAll(caller, tx, made);
                outbox.append(tx, id, made.seq(), stamp, caller, List.of(created, granted));
                outbox.append(tx, Ids.ZERO, seq(tx), stamp, caller, List.of(created));
                return WorkspaceView.of(caller, made);
              });
        });
  }

  private void insert(
      Tx tx,
      Caller caller,
      Outbox.Stamp stamp,
      UUID id,
      String slug,
      String name,
      long quota,
      Workspaces.Roots roots) {
    try {
      workspaces.insert(tx, id, slug, name, Ids.ZERO, quota, roots, stamp.at(), caller.accountId());
    } catch (ConstraintViolation e) {
      throw new SkepException(
          ErrorCode.NAME_TAKEN, "There is already a workspace \"" + slug + "\"", e);
    }
  }

  private static long seq(Tx tx) {
    return tx.one(WorkspaceSql.SEQ).orElseThrow().number("seq");
  }

  /** Changes the name, which needs {@code admin} on the root, or the quota, for administrators. */
  public WorkspaceView change(
      Caller caller, String slug, WorkspaceChange change, Precondition precondition) {
    Outbox.Stamp stamp = stamp();
    UUID id = idOf(caller, slug);
    return sql.write(
        tx -> {
          workspaces.begin(tx, id);
          Workspace before = directory.require(caller, tx, slug);
          allow(caller, tx, before, change);
          precondition.check(before.revision());
          String name = change.name() == null ? before.name() : WorkspaceFields.name(change.name());
          long quota =
              change.quota() == null ? before.quota() : WorkspaceFields.quota(change.quota());
          if (name.equals(before.name()) && quota == before.quota()) {
            outbox.append(tx, id, before.seq(), stamp, caller, List.of());
            return WorkspaceView.of(caller, before);
          }
          workspaces.update(tx, id, name, quota);
          Workspace after = workspaces.find(tx, id).orElseThrow();
          outbox.append(
              tx, id, after.seq(), stamp, caller, List.of(change("workspace.changed", after)));
          return WorkspaceView.of(caller, after);
        });
  }

  private void allow(Caller caller, Tx tx, Workspace workspace, WorkspaceChange change) {
    if (WorkspaceDirectory.administers(caller) && identities.isStillAdmin(caller, tx)) {
      return;
    }
    if (change.quota() != null) {
      caller.requireAdmin();
      identities.requireStillAdmin(caller, tx);
    }
    access.require(caller, tx, workspace.rootId(), Right.ADMIN);
  }

  /** Removes an empty shared workspace. */
  public void delete(Caller caller, String slug, Precondition precondition) {
    Outbox.Stamp stamp = stamp();
    UUID id = idOf(caller, slug);
    sql.write(
        tx -> {
          tx.mayUseReserve();
          workspaces.begin(tx, id);
          Workspace workspace = directory.require(caller, tx, slug);
          caller.requireAdmin();
          identities.requireStillAdmin(caller, tx);
          precondition.check(workspace.revision());
          requireShared(workspace);
          requireEmpty(tx, workspace);
          rootEntries.removeAll(caller, tx, workspace);
          workspaces.delete(tx, workspace);
          outbox.append(
              tx,
              id,
              workspace.seq(),
              stamp,
              caller,
              List.of(change("workspace.deleted", workspace)));
          return workspace;
        });
  }

  private static void requireShared(Workspace workspace) {
    if (workspace.personal()) {
      throw new SkepException(
          ErrorCode.FORBIDDEN, "A personal workspace is removed with its user, not by itself");
    }
  }

  private void requireEmpty(Tx tx, Workspace workspace) {
    boolean empty =
        nodes.children(tx, workspace.rootId(), "", 1).isEmpty()
            && nodes.children(tx, workspace.trashId(), "", 1).isEmpty()
            && tx.one(WorkspaceSql.PENDING_PURGE, workspace.id()).isEmpty();
    if (!empty) {
      throw new SkepException(
          ErrorCode.NOT_EMPTY,
          "The workspace "
              + workspace.slug()
              + " holds files or folders, perhaps in its trash. Delete them and empty the trash; what was purged takes"
              + " a moment");
    }
  }

  private UUID idOf(Caller caller, String slug) {
    return sql.read(tx -> directory.require(caller, tx, slug)).id();
  }

  private static Change change(String type, Workspace workspace) {
    return new Change(type, workspace.id().toString(), workspace);
  }

  private Outbox.Stamp stamp() {
    return new Outbox.Stamp(ids.next(), clock.instant().truncatedTo(ChronoUnit.MICROS));
  }
}
