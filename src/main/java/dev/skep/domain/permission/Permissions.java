package dev.skep.domain.permission;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.identity.Identities;
import dev.skep.domain.identity.RootAdministrators;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The entries on nodes. Reading them needs {@code read}, changing them {@code share}; nobody gives
 * anyone, or takes from anyone, a right that he does not hold himself, on the node or on anything
 * below it. Entries of users and empty ones hide what lies below: where other entries do, they need
 * {@code admin}. An administrator may add an entry for himself wherever he likes, which the event
 * tells.
 */
@Singleton
public class Permissions {

  /** The most entries that a node carries; more subjects are what groups are for. */
  public static final int MAX_ENTRIES = 500;

  private final SqlStore sql;
  private final Workspaces workspaces;
  private final Nodes nodes;
  private final Access access;
  private final Identities identities;
  private final RootAdministrators administrators;
  private final Outbox outbox;
  private final Ids ids;
  private final InstantSource clock;

  public Permissions(
      SqlStore sql,
      Workspaces workspaces,
      Nodes nodes,
      Access access,
      Identities identities,
      RootAdministrators administrators,
      Outbox outbox,
      Ids ids,
      InstantSource clock) {
    this.sql = sql;
    this.workspaces = workspaces;
    this.nodes = nodes;
    this.access = access;
    this.identities = identities;
    this.administrators = administrators;
    this.outbox = outbox;
    this.ids = ids;
    this.clock = clock;
  }

  /** A written entry, and whether there was none before. */
  public record Written(PermissionEntry entry, boolean created) {}

  /** Who may do what on a node; needs {@code read}. */
  public NodePermissions list(Caller caller, UUID nodeId) {
    return sql.read(
        tx -> {
          Located located = access.require(caller, tx, nodeId, Right.READ);
          Map<Subject, Entries.Entry> own = nearest(Entries.on(tx, nodeId));
          Map<Subject, Entries.Entry> above = nearest(Entries.along(tx, located.above()));
          above.keySet().removeAll(own.keySet());
          return new NodePermissions(
              shown(own.values()), shown(above.values()), located.rights().words());
        });
  }

  private static Map<Subject, Entries.Entry> nearest(List<Entries.Entry> nearestFirst) {
    Map<Subject, Entries.Entry> nearest = new LinkedHashMap<>();
    nearestFirst.forEach(entry -> nearest.putIfAbsent(entry.subject(), entry));
    return nearest;
  }

  /** Links are told of by shares; entries of whoever is deleted count for nobody. */
  private static List<PermissionEntry> shown(Collection<Entries.Entry> entries) {
    return entries.stream()
        .filter(
            entry ->
                switch (entry.subject().kind()) {
                  case USER, GROUP -> !entry.name().isEmpty();
                  case EVERYONE -> true;
                  case LINK -> false;
                })
        .map(PermissionEntry::of)
        .sorted(Comparator.comparing(PermissionEntry::subject))
        .toList();
  }

  /**
   * Makes or replaces the entry of a subject; an empty one ends inheritance. Writing what is there
   * already changes nothing.
   *
   * @param subject {@code user:anna}, {@code group:staff} or {@code everyone}
   */
  public Written put(
      Caller caller, UUID nodeId, String subject, List<String> rights, Precondition precondition) {
    SubjectName name = SubjectName.parse(subject);
    Rights wanted = Rights.parse(rights, "/rights");
    Outbox.Stamp stamp = stamp();
    UUID workspaceId = workspaceOf(nodeId);
    return sql.write(
        tx -> {
          Workspace workspace = workspaces.begin(tx, workspaceId);
          Edit edit = edit(caller, tx, nodeId, name, true);
          precondition.check(edit.etag());
          if (edit.now() != null && edit.now().rights().equals(wanted)) {
            outbox.append(tx, workspaceId, workspace.seq(), stamp, caller, List.of());
            return new Written(PermissionEntry.of(edit.now()), false);
          }
          Edit.Done written = edit.write(tx, workspace, wanted);
          String type = edit.now() == null ? "permission.granted" : "permission.changed";
          tell(tx, workspace, stamp, caller, type, written);
          return new Written(PermissionEntry.of(written.entry()), edit.now() == null);
        });
  }

  /** Removes the entry of a subject, who inherits again what is above. */
  public void delete(Caller caller, UUID nodeId, String subject, Precondition precondition) {
    SubjectName name = SubjectName.parse(subject);
    Outbox.Stamp stamp = stamp();
    UUID workspaceId = workspaceOf(nodeId);
    sql.write(
        tx -> {
          tx.mayUseReserve();
          Workspace workspace = workspaces.begin(tx, workspaceId);
          Edit edit = edit(caller, tx, nodeId, name, false);
          precondition.check(edit.etag());
          Edit.Done removed = edit.delete(tx, workspace);
          tell(tx, workspace, stamp, caller, "permission.withdrawn", removed);
          return removed;
        });
  }

  private Edit edit(Caller caller, Tx tx, UUID nodeId, SubjectName name, boolean adds) {
    boolean forHimself =
        adds
            && caller.admin()
            && caller.scopes().isEmpty()
            && name.isUser(caller.name())
            && identities.isStillAdmin(caller, tx);
    Located located =
        forHimself
            ? access.locateWithoutRights(caller, tx, nodeId)
            : access.require(caller, tx, nodeId, Right.SHARE);
    Subject subject = name.resolve(tx);
    Optional<Entries.Entry> now =
        Entries.on(tx, nodeId).stream()
            .filter(entry -> entry.subject().equals(subject))
            .findFirst();
    return new Edit(caller, located, subject, name, now.orElse(null), forHimself, administrators);
  }

  private void tell(
      Tx tx, Workspace workspace, Outbox.Stamp stamp, Caller caller, String type, Edit.Done done) {
    workspaces.raiseEpoch(tx, workspace.id());
    Change change = EntryState.change(type, done.entry(), done.byAdministration());
    outbox.append(tx, workspace.id(), workspace.seq(), stamp, caller, List.of(change));
  }

  private UUID workspaceOf(UUID nodeId) {
    return sql.read(tx -> nodes.find(tx, nodeId))
        .map(Node::workspaceId)
        .orElseThrow(Access::missing);
  }

  private Outbox.Stamp stamp() {
    return new Outbox.Stamp(ids.next(), clock.instant().truncatedTo(ChronoUnit.MICROS));
  }
}
