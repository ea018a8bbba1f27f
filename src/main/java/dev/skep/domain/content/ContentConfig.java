package dev.skep.domain.content;

import dev.skep.common.Between;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where contents are kept, and how long blobs wait for each step of their life (P6). */
@ConfigMapping(prefix = "skep.content")
public interface ContentConfig {

  /**
   * Contents of at most so many bytes are kept in the database, in the transaction that names them,
   * not in the object store; `0` for none. It holds for what is uploaded from now on.
   */
  @WithDefault("16384")
  @Between(min = 0, max = 65536)
  int small();

  /** How long an announced blob may wait to be named; uploads that take longer renew it. */
  @WithDefault("1h")
  Duration announceDeadline();

  /** How many blobs a replica announces in one transaction. */
  @WithDefault("100")
  int announceBatch();

  /**
   * How long a blob that nothing names any more is kept: longer than any download or backup takes.
   */
  @WithDefault("24h")
  Duration grace();

  /** How often the sweeper looks for blobs and purged nodes to remove. */
  @WithDefault("1m")
  Duration sweepInterval();
}
