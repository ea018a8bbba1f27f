package dev.skep.domain.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.skep.domain.Caller;
import dev.skep.domain.tree.Workspace;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A workspace as people see it.
 *
 * @param slug {@code home} for the caller's own personal one
 * @param rootId the node that carries its permissions
 * @param quota bytes, −1 for none; absent for who has no right on the root
 * @param used logical bytes of all versions, and those of tags and metadata, also in the trash;
 *     changes without a new revision; absent like the quota
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkspaceView(
    String slug,
    String name,
    UUID rootId,
    @Nullable Long quota,
    @Nullable Long used,
    Instant createdAt,
    long revision) {

  /** With all its figures. */
  static WorkspaceView of(Caller caller, Workspace workspace) {
    return of(caller, workspace, true);
  }

  static WorkspaceView of(Caller caller, Workspace workspace, boolean figures) {
    return new WorkspaceView(
        workspace.slugFor(caller),
        workspace.name(),
        workspace.rootId(),
        figures ? (Long) workspace.quota() : null,
        figures ? (Long) workspace.used() : null,
        workspace.createdAt(),
        workspace.revision());
  }
}
