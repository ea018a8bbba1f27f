package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.domain.duty.Duty;
import dev.skep.domain.duty.DutyContext;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.NodeRemoval;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.SqlStore;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The duty that removes for good: purged nodes with all below them, then the blobs that nothing
 * names any more.
 */
@Singleton
public class Sweeper implements Duty {

  static final String NAME = "sweeper";

  private final ContentConfig config;
  private final PurgeSweep purges;
  private final BlobSweep blobs;

  public Sweeper(
      ContentConfig config,
      SqlStore sql,
      ObjectStore objects,
      Ids ids,
      InstantSource clock,
      Workspaces workspaces,
      Nodes nodes,
      Outbox outbox,
      Contents contents,
      Purges purges,
      @All List<NodeRemoval> removals) {
    this.config = config;
    this.purges =
        new PurgeSweep(
            sql,
            workspaces,
            outbox,
            new PurgeSlice.Parts(nodes, contents, purges, List.copyOf(removals)),
            ids,
            clock);
    this.blobs = new BlobSweep(sql, objects, clock, config.grace());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int shards() {
    return BlobAddress.SHARDS;
  }

  @Override
  public Duration interval() {
    return config.sweepInterval();
  }

  /** How many purged nodes could not be removed when last tried, on this replica. */
  public int setAside() {
    return purges.setAside();
  }

  @Override
  public void run(DutyContext context) {
    purges.run(context);
    blobs.run(context);
  }
}
