package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.identity.RootAdministrators;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of one subject's entry on one node, inside its transaction: refused when it gives or
 * takes, on the node or anywhere below it, a right that the caller does not hold there.
 *
 * @param located the node, with the caller's rights
 * @param now the subject's entry before the change
 * @param unlimited whether the caller is an administrator who adds an entry for himself
 */
record Edit(
    Caller caller,
    Located located,
    Subject subject,
    SubjectName name,
    Entries.@Nullable Entry now,
    boolean unlimited,
    RootAdministrators administrators) {

  @Nullable String etag() {
    return now == null ? null : Long.toString(now.revision());
  }

  /**
   * What was done.
   *
   * @param byAdministration whether the caller's rights would not have been enough
   */
  record Done(Entries.Entry entry, boolean byAdministration) {}

  Done write(Tx tx, Workspace workspace, Rights wanted) {
    Entries.Entry entry =
        new Entries.Entry(nodeId(), subject, name.name(), wanted, nextRevision(workspace));
    boolean beyond = check(tx, wanted);
    change(tx, workspace, () -> store(tx, workspace, entry));
    return new Done(entry, beyond);
  }

  Done delete(Tx tx, Workspace workspace) {
    if (now == null) {
      throw new SkepException(
          ErrorCode.NOT_FOUND,
          "There is no entry for "
              + name
              + " on this node itself; what it inherits is removed where it comes from");
    }
    boolean beyond = check(tx, null);
    change(
        tx,
        workspace,
        () ->
            tx.update(PermissionSql.DELETE_ENTRY, nodeId(), subject.kind().column(), subject.id()));
    return new Done(now, beyond);
  }

  /** Refuses what is beyond the caller's rights; returns whether he does it all the same. */
  private boolean check(Tx tx, @Nullable Rights wanted) {
    Optional<String> refusal = refusal(tx, wanted);
    if (refusal.isPresent() && !unlimited) {
      throw new SkepException(
          ErrorCode.FORBIDDEN, "This cannot be granted or taken away: " + refusal.get());
    }
    return refusal.isPresent();
  }

  private Optional<String> refusal(Tx tx, @Nullable Rights wanted) {
    Rights held = located.rights();
    if (!held.has(Right.SHARE)) {
      return Optional.of("that needs the right to share");
    }
    if (wanted != null && !held.holds(wanted)) {
      return Optional.of("nobody grants more than he holds; you may " + words(held) + " here");
    }
    if (now != null && !held.holds(now.rights())) {
      return Optional.of(
          "the entry of " + name + " holds rights that you do not; you may " + words(held));
    }
    Below below = Below.of(tx, located.node());
    if (!below.isEmpty() && hides(wanted) && !held.has(Right.ADMIN)) {
      return Optional.of(
          "entries of users and empty ones hide what lies below, where there are others; that needs the right admin");
    }
    if (!shift(tx, below, wanted).isWithinTheCallersRights()) {
      return Optional.of(
          "here, or on something in it, "
              + name
              + " would gain or lose rights that you do not hold there; you may "
              + words(held)
              + " here");
    }
    return Optional.empty();
  }

  private Shift shift(Tx tx, Below below, @Nullable Rights wanted) {
    Map<Subject, Rights> before = Entries.nearest(tx, nodeId());
    Map<Subject, Rights> after = new HashMap<>(before);
    Rights then = wanted == null ? Entries.nearestAbove(tx, nodeId()).get(subject) : wanted;
    if (then == null) {
      after.remove(subject);
    } else {
      after.put(subject, then);
    }
    return Shift.of(caller, tx, located, below, before, after);
  }

  private boolean hides(@Nullable Rights wanted) {
    return subject.kind() == Subject.Kind.USER
        || (wanted != null && wanted.none())
        || (now != null && now.rights().none());
  }

  private void change(Tx tx, Workspace workspace, Runnable change) {
    boolean administered = administered(tx, workspace);
    change.run();
    if (administered && !administered(tx, workspace)) {
      throw new SkepException(
          ErrorCode.LAST_ADMIN,
          workspace.personal()
              ? "The owner of a personal workspace keeps the right to administer it"
              : "Nobody would be left to administer this workspace. Give someone else the right admin on it first");
    }
  }

  private boolean administered(Tx tx, Workspace workspace) {
    if (!located.isRoot()) {
      return false;
    }
    return workspace.personal()
        ? Entries.on(tx, nodeId()).stream()
            .filter(entry -> entry.subject().equals(Subject.user(workspace.ownerId())))
            .anyMatch(entry -> entry.rights().has(Right.ADMIN))
        : administrators.exist(tx, nodeId());
  }

  private void store(Tx tx, Workspace workspace, Entries.Entry entry) {
    if (now != null) {
      tx.update(
          PermissionSql.UPDATE_ENTRY,
          entry.rights().bits(),
          entry.revision(),
          nodeId(),
          subject.kind().column(),
          subject.id());
      return;
    }
    if (Entries.on(tx, nodeId()).size() >= Permissions.MAX_ENTRIES) {
      throw SkepException.field(
          "subject",
          "this node carries "
              + Permissions.MAX_ENTRIES
              + " entries already; grant the right to a group instead");
    }
    tx.update(
        PermissionSql.INSERT_ENTRY,
        nodeId(),
        subject.kind().column(),
        subject.id(),
        workspace.id(),
        entry.rights().bits(),
        entry.revision());
  }

  /** Grows with the workspace, so that an entry made anew does not repeat an old one's ETag. */
  private long nextRevision(Workspace workspace) {
    return now == null ? workspace.seq() : Math.max(workspace.seq(), now.revision() + 1);
  }

  private UUID nodeId() {
    return located.node().id();
  }

  private static String words(Rights rights) {
    List<String> words = rights.words();
    return words.isEmpty() ? "do nothing" : String.join(", ", words);
  }
}
