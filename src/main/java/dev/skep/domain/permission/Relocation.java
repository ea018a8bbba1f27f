package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * What a new place does to the rights on a node and on all below it. Where it changes anyone's, it
 * needs what a copy and a share would need, {@code read} and {@code share}, and gives nobody, and
 * takes from nobody, a right that the caller does not hold there.
 */
@Singleton
public class Relocation {

  /**
   * Refuses what the caller may not do to the rights of others, and his own. A node in the trash
   * has the rights that it would have where it was.
   *
   * @param target a folder of the same workspace that the caller has found
   * @throws SkepException {@code forbidden}
   */
  public void check(Caller caller, Tx tx, Located node, Located target) {
    Map<Subject, Rights> before = Entries.nearest(tx, node.node().id());
    Map<Subject, Rights> after = Entries.nearest(tx, target.node().id());
    if (before.equals(after)) {
      return;
    }
    Entries.on(tx, node.node().id()).forEach(own -> after.put(own.subject(), own.rights()));
    Shift shift = Shift.of(caller, tx, node, Below.of(tx, node.node()), before, after);
    if (!shift.changesAnything()) {
      return;
    }
    if (!node.rights().holds(Rights.of(Right.READ, Right.SHARE))) {
      throw refused("that needs the rights to read and share");
    }
    if (!shift.isWithinTheCallersRights()) {
      throw refused("among them rights that you do not hold yourself");
    }
  }

  private static SkepException refused(String why) {
    return new SkepException(
        ErrorCode.FORBIDDEN,
        "At the new place rights on this, or on something in it, would be others than now; " + why);
  }
}
