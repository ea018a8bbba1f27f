package dev.skep.domain.tree;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Principal;
import dev.skep.domain.outbox.Change;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** The rows of workspaces. Every change of a tree begins with {@link #begin}. */
@Singleton
public class Workspaces {

  private static final String TRASH = ".trash";

  /**
   * Takes the workspace's next sequence number, which serialises this transaction with all others
   * that change it (P3). Must be the transaction's first statement; with several workspaces, in the
   * order of their ids.
   */
  public Workspace begin(Tx tx, UUID id) {
    return beginIfThere(tx, id).orElseThrow(Workspaces::gone);
  }

  /**
   * The same for several, each found only after all have been taken: the first SELECT of a
   * transaction fixes on InnoDB what all later ones see, so one between two updates would show the
   * second workspace as it was before this transaction waited for it.
   */
  public Map<UUID, Workspace> begin(Tx tx, Set<UUID> ids) {
    SortedSet<UUID> inOrder = new TreeSet<>(ids);
    for (UUID id : inOrder) {
      if (tx.update(TreeSql.SERIALISE, id) != 1) {
        throw gone();
      }
    }
    Map<UUID, Workspace> begun = new LinkedHashMap<>();
    inOrder.forEach(id -> begun.put(id, find(tx, id).orElseThrow(Workspaces::gone)));
    return begun;
  }

  /** The same for a workspace that may have been deleted. */
  public Optional<Workspace> beginIfThere(Tx tx, UUID id) {
    return tx.update(TreeSql.SERIALISE, id) == 1 ? find(tx, id) : Optional.empty();
  }

  /**
   * Gives the sequence number back of a workspace that {@link #begin} took only to hold it still:
   * its outbox gets no row from this transaction, and keeps no gap.
   */
  public void leaveUnchanged(Tx tx, UUID id) {
    tx.update(TreeSql.GIVE_BACK_SEQ, id);
  }

  public Optional<Workspace> find(Tx tx, UUID id) {
    return tx.one(TreeSql.WORKSPACE, id).map(Workspace::of);
  }

  public Optional<Workspace> bySlug(Tx tx, String slug) {
    return tx.one(TreeSql.WORKSPACE_BY_SLUG, slug).map(Workspace::of);
  }

  /** The personal workspace of the caller; none for whoever is no user. */
  public Optional<Workspace> homeOf(Tx tx, Caller caller) {
    return caller.principal() instanceof Principal.User user
        ? ofOwner(tx, user.id())
        : Optional.empty();
  }

  /** The personal workspace of a user. */
  public Optional<Workspace> ofOwner(Tx tx, UUID ownerId) {
    return tx.one(TreeSql.WORKSPACE_OF_OWNER, ownerId).map(Workspace::of);
  }

  /** Makes the row and the two roots, of the tree and of its trash. */
  public void insert(
      Tx tx,
      UUID id,
      String slug,
      String name,
      UUID ownerId,
      long quota,
      Roots roots,
      Instant at,
      UUID by) {
    tx.update(
        TreeSql.INSERT_WORKSPACE,
        id,
        slug,
        name,
        ownerId,
        roots.rootId(),
        roots.trashId(),
        quota,
        at);
    Nodes.insertFolder(tx, roots.rootId(), id, id, "", at, by);
    Nodes.insertFolder(tx, roots.trashId(), id, id, TRASH, at, by);
  }

  /** Ids for the two roots of a new workspace, made outside the transaction. */
  public record Roots(UUID rootId, UUID trashId) {}

  public void update(Tx tx, UUID id, String name, long quota) {
    tx.update(TreeSql.UPDATE_WORKSPACE, name, quota, id);
  }

  /**
   * Gives the workspace an empty trash; the old one, with all that lies in it, is the caller's to
   * remove, and must be out of its place before.
   *
   * @param trashId made outside the transaction
   * @return what the transaction's event says of it
   */
  public Change replaceTrash(Tx tx, UUID id, UUID trashId, Instant at, UUID by) {
    Nodes.insertFolder(tx, trashId, id, id, TRASH, at, by);
    tx.update(TreeSql.SET_TRASH, trashId, id);
    return new Change("workspace.changed", id.toString(), find(tx, id).orElseThrow());
  }

  /** Removes the row and the two roots, which must be empty. */
  public void delete(Tx tx, Workspace workspace) {
    tx.update(TreeSql.DELETE_NODE, workspace.rootId());
    tx.update(TreeSql.DELETE_NODE, workspace.trashId());
    tx.update(TreeSql.DELETE_WORKSPACE, workspace.id());
  }

  /** Tells that rights on nodes of this workspace may have changed (P8). */
  public void raiseEpoch(Tx tx, UUID id) {
    tx.update(TreeSql.RAISE_EPOCH, id);
  }

  /** Counts bytes against the quota; refuses what would exceed it. */
  public void charge(Tx tx, Workspace workspace, long bytes) {
    if (bytes > 0 && tx.update(TreeSql.CHARGE, bytes, workspace.id(), bytes) != 1) {
      throw new SkepException(
          ErrorCode.QUOTA_EXCEEDED,
          "The quota of the workspace has no room for "
              + bytes
              + " bytes more. Empty its trash, delete old versions, or ask for a larger quota");
    }
  }

  /** Gives bytes back. */
  public void credit(Tx tx, UUID id, long bytes) {
    if (bytes > 0) {
      tx.update(TreeSql.CREDIT, bytes, id);
    }
  }

  private static SkepException gone() {
    return new SkepException(ErrorCode.NOT_FOUND, "There is no such workspace");
  }
}
