package dev.skep.domain.files;

import dev.skep.domain.content.Sweeper;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.EndlessLease;
import java.util.UUID;

/** Runs the sweeper of a drive, as its only holder. */
record Sweeping(Drive drive) {

  /** All shards once. */
  void sweep() {
    for (int shard = 0; shard < EndlessLease.SHARDS; shard++) {
      sweep(shard);
    }
  }

  /** The shard that removes a node. */
  void sweepFor(UUID nodeId) {
    sweep((int) (nodeId.getLeastSignificantBits() & (EndlessLease.SHARDS - 1)));
  }

  private void sweep(int shard) {
    drive.get(Sweeper.class).run(new EndlessLease(shard, drive.get(SqlStore.class)));
  }
}
