package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.Tx;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of one subject's entry on one node, inside its transaction: makes the change, then
 * refuses it when it gives or takes a right that the caller does not hold.
 *
 * @param located the node, with the caller's rights
 * @param now the subject's entry before the change
 * @param unlimited whether the caller is an administrator who adds an entry for himself
 */
record Edit(Located located, Subject subject, Entries.@Nullable Entry now, boolean unlimited) {

  @Nullable String etag() {
    return now == null ? null : Long.toString(now.revision());
  }

  /** Whether the caller could not have done this by his rights on the node. */
  boolean beyondRights(Entries.Entry written) {
    return unlimited
        && !(located.rights().has(Right.SHARE) && located.rights().holds(written.rights()));
  }

  Entries.Entry write(Tx tx, Workspace workspace, SubjectName name, Rights wanted) {
    if (!unlimited && !located.rights().holds(wanted)) {
      throw refused(
          "nobody grants more than he holds; you may " + words(located.rights()) + " here");
    }
    Entries.Entry entry =
        new Entries.Entry(nodeId(), subject, name.name(), wanted, nextRevision(workspace));
    change(tx, workspace, name, () -> store(tx, workspace, entry));
    return entry;
  }

  Entries.Entry delete(Tx tx, Workspace workspace, SubjectName name) {
    if (now == null) {
      throw new SkepException(
          ErrorCode.NOT_FOUND,
          "There is no entry for "
              + name
              + " on this node itself; what it inherits is removed where it comes from");
    }
    change(
        tx,
        workspace,
        name,
        () ->
            tx.update(PermissionSql.DELETE_ENTRY, nodeId(), subject.kind().column(), subject.id()));
    return now;
  }

  private void change(Tx tx, Workspace workspace, SubjectName name, Runnable change) {
    if (now != null) {
      demand(now.rights(), "the entry of " + name + " holds rights that you do not");
    }
    Rights before = reach(tx);
    boolean administered = administered(tx, workspace);
    change.run();
    Rights after = reach(tx);
    demand(
        new Rights(before.bits() ^ after.bits()),
        name + " could " + words(before) + " here and would " + words(after));
    if (administered && !administered(tx, workspace)) {
      throw new SkepException(
          ErrorCode.LAST_ADMIN,
          workspace.personal()
              ? "The owner of a personal workspace keeps the right to administer it"
              : "Nobody would be left to administer this workspace. Give someone else the right admin on it first");
    }
  }

  /** Refuses to give or take rights that the caller does not hold. */
  private void demand(Rights touched, String why) {
    if (!unlimited && !located.rights().holds(touched)) {
      throw refused(why + "; you may " + words(located.rights()));
    }
  }

  /** What the subject can do on the node: a user with his groups, a group by its nearest entry. */
  private Rights reach(Tx tx) {
    if (subject.kind() == Subject.Kind.USER) {
      return Access.rightsWhenEnabled(tx, subject.id(), nodeId(), located.chain().size());
    }
    return Entries.along(tx, located.chain()).stream()
        .filter(entry -> entry.subject().equals(subject))
        .map(Entries.Entry::rights)
        .findFirst()
        .orElse(Rights.NONE);
  }

  private boolean administered(Tx tx, Workspace workspace) {
    return located.isRoot()
        && Entries.on(tx, nodeId()).stream()
            .filter(entry -> entry.rights().has(Right.ADMIN))
            .map(Entries.Entry::subject)
            .anyMatch(
                holder ->
                    workspace.personal()
                        ? holder.equals(Subject.user(workspace.ownerId()))
                        : holder.kind() != Subject.Kind.LINK);
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

  private static SkepException refused(String why) {
    return new SkepException(ErrorCode.FORBIDDEN, "This cannot be granted or taken away: " + why);
  }
}
