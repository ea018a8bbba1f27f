package dev.skep.domain.files;

import static java.util.stream.Collectors.toSet;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.outbox.Answers;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The frame of every change of a tree: one transaction that begins with the serialising update of
 * its workspaces (P3), answers a repeated Idempotency-Key with the first answer (P24) and ends with
 * the outbox rows of what changed (P10), or is rolled back when nothing did.
 */
@Singleton
class Edits {

  private final SqlStore sql;
  private final Workspaces workspaces;
  private final Nodes nodes;
  private final Access access;
  private final Outbox outbox;
  private final Answers answers;
  private final Ids ids;
  private final InstantSource clock;

  Edits(
      SqlStore sql,
      Workspaces workspaces,
      Nodes nodes,
      Access access,
      Outbox outbox,
      Answers answers,
      Ids ids,
      InstantSource clock) {
    this.sql = sql;
    this.workspaces = workspaces;
    this.nodes = nodes;
    this.access = access;
    this.outbox = outbox;
    this.answers = answers;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Runs one change.
   *
   * @param scope finds the workspaces that it may change; not asked when a repeated request gets
   *     the first one's answer, since what it looks at may be gone by then
   * @param type of the result, to repeat it for an Idempotency-Key
   */
  <R> R edit(Caller caller, Scope scope, Class<R> type, Function<Edit, R> change) {
    Start<R> start = sql.read(tx -> start(tx, caller, scope, type));
    return switch (start) {
      case Answered<R> before -> before.answer();
      case Open<R> open -> write(caller, open.workspaceIds(), type, change);
    };
  }

  /** Runs one change in a workspace that has been found already. */
  <R> R edit(Caller caller, UUID workspaceId, Class<R> type, Function<Edit, R> change) {
    return write(caller, Set.of(workspaceId), type, change);
  }

  private <R> Start<R> start(Tx tx, Caller caller, Scope scope, Class<R> type) {
    Optional<R> before = answers.earlier(tx, caller, type);
    if (before.isEmpty()) {
      return new Open<>(scope.workspaceIds(tx));
    }
    requireStillSeen(caller, tx, before.get());
    return new Answered<>(before.get());
  }

  /** A stored answer shows a node as it was: only to who could see as much of it now. */
  private void requireStillSeen(Caller caller, Tx tx, Object answer) {
    if (answer instanceof NodeView node) {
      Located now = access.locateAnywhere(caller, tx, node.id());
      if (node.rights().contains(Right.READ.word()) && !now.rights().has(Right.READ)) {
        throw Access.missing();
      }
    }
  }

  private <R> R write(
      Caller caller, Set<UUID> workspaceIds, Class<R> type, Function<Edit, R> change) {
    Outbox.Stamp stamp =
        new Outbox.Stamp(ids.next(), clock.instant().truncatedTo(ChronoUnit.MICROS));
    return sql.write(
        tx -> {
          Edit edit = begin(tx, workspaceIds, stamp);
          R result =
              answers.once(
                  tx,
                  caller,
                  stamp.at(),
                  type,
                  answer -> requireStillSeen(caller, tx, answer),
                  () -> change.apply(edit));
          finish(tx, caller, edit);
          return result;
        });
  }

  private Edit begin(Tx tx, Set<UUID> workspaceIds, Outbox.Stamp stamp) {
    return new Edit(tx, stamp, workspaces.begin(tx, workspaceIds), new ArrayList<>());
  }

  private void finish(Tx tx, Caller caller, Edit edit) {
    boolean nothing = edit.changed.isEmpty();
    for (Workspace workspace : edit.workspaces.values()) {
      var changes =
          edit.changed.stream()
              .filter(done -> done.workspaceId().equals(workspace.id()))
              .map(Done::change)
              .toList();
      if (nothing || !changes.isEmpty()) {
        outbox.append(tx, workspace.id(), workspace.seq(), edit.stamp, caller, changes);
      } else {
        workspaces.leaveUnchanged(tx, workspace.id());
      }
    }
  }

  /** Which workspaces a change concerns. */
  @FunctionalInterface
  interface Scope {

    Set<UUID> workspaceIds(Tx tx);
  }

  static Set<UUID> workspacesOf(Located... nodes) {
    return Arrays.stream(nodes).map(found -> found.node().workspaceId()).collect(toSet());
  }

  private sealed interface Start<R> {}

  private record Answered<R>(R answer) implements Start<R> {}

  private record Open<R>(Set<UUID> workspaceIds) implements Start<R> {}

  /** One running change. */
  final class Edit {
    private final Tx tx;
    private final Outbox.Stamp stamp;
    private final Map<UUID, Workspace> workspaces;
    private final List<Done> changed;

    private Edit(Tx tx, Outbox.Stamp stamp, Map<UUID, Workspace> workspaces, List<Done> changed) {
      this.tx = tx;
      this.stamp = stamp;
      this.workspaces = workspaces;
      this.changed = changed;
    }

    Tx tx() {
      return tx;
    }

    Instant at() {
      return stamp.at();
    }

    /** Those that it may change, as they were when it began. */
    Collection<Workspace> workspaces() {
      return workspaces.values();
    }

    Workspace workspace(UUID id) {
      Workspace workspace = workspaces.get(id);
      if (workspace == null) {
        // It was found elsewhere a moment ago: never in another workspace, so this is a mistake of
        // ours.
        throw new IllegalStateException("the workspace " + id + " was not begun");
      }
      return workspace;
    }

    /**
     * Remembers that a node changed; its state is read anew, with all that the change did to it.
     */
    void changed(String type, UUID nodeId) {
      changed(type, nodes.find(tx, nodeId).orElseThrow());
    }

    /** The same with the node's state after it. */
    void changed(String type, Node node) {
      changed(node.workspaceId(), NodeState.change(type, node));
    }

    /** Remembers a change that something else tells of. */
    void changed(UUID workspaceId, Change change) {
      changed.add(new Done(workspaceId, change));
    }
  }

  private record Done(UUID workspaceId, Change change) {}
}
