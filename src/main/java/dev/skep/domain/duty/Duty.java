package dev.skep.domain.duty;

import java.time.Duration;

/**
 * Background work, done again and again in shards; each shard is held by one replica at a time. A
 * bean of this type is found by {@link Duties}.
 */
public interface Duty {

  /** 1–80 characters of {@code [a-z0-9:._-]}; unique. */
  String name();

  /** 1 to 1,000; fixed, since all replicas must name the same number. */
  int shards();

  /** How long to wait between two runs of a shard, give or take a tenth. */
  Duration interval();

  /**
   * Does what is to be done for one shard, in transactions of at most 1,000 rows each, and looks at
   * {@link DutyContext#held} between them. May be repeated at any point, also after an unknown
   * outcome. What it throws is logged, and it runs again after a while.
   */
  void run(DutyContext context);
}
