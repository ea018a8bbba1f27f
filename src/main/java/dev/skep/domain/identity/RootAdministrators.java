package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/**
 * Who can really administer a shared workspace: an account that may come in and has {@code admin}
 * on its root, by an entry of its own, a group or everyone. An entry for a group in which nobody is
 * does not count.
 */
@Singleton
public class RootAdministrators {

  private static final int ROWS = 1000;

  /** Whether there is one. */
  public boolean exist(Tx tx, UUID rootId) {
    return tx.one(GroupSql.ROOT_ADMINISTRATOR, rootId, rootId).isPresent()
        || tx.one(GroupSql.ROOT_ADMINISTRATOR_BY_EVERYONE, rootId, rootId).isPresent();
  }

  /**
   * The roots of workspaces that are administered, and where this user or group, or a group that
   * holds it, has {@code admin}; the first thousand.
   */
  List<UUID> administeredBy(Tx tx, UUID memberId) {
    return tx.query(GroupSql.ROOTS_ADMINISTERED_BY, memberId, memberId, Ids.ZERO, ROWS).stream()
        .map(row -> row.id("node_id"))
        .filter(rootId -> exist(tx, rootId))
        .toList();
  }

  /**
   * To be called after the change.
   *
   * @param rootIds those that were administered before it
   * @throws SkepException {@code last-admin}
   */
  void requireStill(Tx tx, List<UUID> rootIds) {
    if (!rootIds.stream().allMatch(rootId -> exist(tx, rootId))) {
      throw new SkepException(
          ErrorCode.LAST_ADMIN,
          "Nobody would be left to administer a workspace. Give someone else the right admin on its root first");
    }
  }
}
