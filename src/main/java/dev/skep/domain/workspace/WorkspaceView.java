package dev.skep.domain.workspace;

import dev.skep.domain.Caller;
import dev.skep.domain.tree.Workspace;
import java.time.Instant;
import java.util.UUID;

/**
 * A workspace as people see it.
 *
 * @param slug {@code home} for the caller's own personal one
 * @param rootId the node that carries its permissions
 * @param quota bytes; −1 for none
 * @param used logical bytes of all versions, also in the trash; changes without a new revision
 */
public record WorkspaceView(
    String slug,
    String name,
    UUID rootId,
    long quota,
    long used,
    Instant createdAt,
    long revision) {

  static WorkspaceView of(Caller caller, Workspace workspace) {
    return new WorkspaceView(
        workspace.slugFor(caller.accountId()),
        workspace.name(),
        workspace.rootId(),
        workspace.quota(),
        workspace.used(),
        workspace.createdAt(),
        workspace.revision());
  }
}
