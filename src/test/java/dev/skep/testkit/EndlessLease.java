package dev.skep.testkit;

import dev.skep.domain.Caller;
import dev.skep.domain.duty.DutyContext;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import org.jspecify.annotations.Nullable;

/** The sweeper's holder of one of its shards, whose lease never ends. */
public record EndlessLease(int shard, SqlStore sql) implements DutyContext {

  public static final int SHARDS = 16;

  @Override
  public int shards() {
    return SHARDS;
  }

  @Override
  public Caller caller() {
    return Caller.system("sweeper");
  }

  @Override
  public boolean held() {
    return true;
  }

  @Override
  public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
    return sql.write(work);
  }
}
