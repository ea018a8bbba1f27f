package dev.skep.port.sql;

/**
 * A statement of the domain, a constant of an enum per feature (so that one test finds them all and
 * runs them on every engine): plain DML, recursive CTEs and row values; no RETURNING, upsert or
 * JSON function (P4). Parameters are {@code ?}.
 */
public interface Statement {

  String name();

  String sql();
}
