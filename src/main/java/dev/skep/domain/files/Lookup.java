package dev.skep.domain.files;

import dev.skep.domain.Caller;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;

/** Tells what is at a path, or what a node is. */
@Singleton
public class Lookup {

  private final SqlStore sql;
  private final Paths paths;
  private final Views views;

  public Lookup(SqlStore sql, Paths paths, Views views) {
    this.sql = sql;
    this.paths = paths;
    this.views = views;
  }

  /** The node, for whoever holds any right on it; else {@code not-found}. */
  public NodeView node(Caller caller, Target target) {
    return sql.read(tx -> views.of(caller, tx, paths.find(caller, tx, target)));
  }
}
