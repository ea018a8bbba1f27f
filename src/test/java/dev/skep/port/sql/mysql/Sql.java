package dev.skep.port.sql.mysql;

import dev.skep.port.sql.Statement;

/** A statement of a test. */
record Sql(String sql) implements Statement {

  @Override
  public String name() {
    return "a statement of a test";
  }
}
