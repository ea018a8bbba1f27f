package dev.skep.port.sql;

import org.jspecify.annotations.Nullable;

/**
 * A statement would have broken a unique key or primary key; it had no effect and its transaction
 * goes on.
 */
public final class ConstraintViolation extends RuntimeException {

  public ConstraintViolation(String statement, @Nullable Throwable cause) {
    super(statement + ": a unique key is violated", cause);
  }
}
