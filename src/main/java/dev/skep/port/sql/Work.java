package dev.skep.port.sql;

import org.jspecify.annotations.Nullable;

/** What one transaction does; may run more than once (see {@link SqlStore}). */
@FunctionalInterface
public interface Work<R extends @Nullable Object> {
  R run(Tx tx);
}
