package dev.skep.port.sql.embedded;

import org.jspecify.annotations.Nullable;

/** How one function ended on the store's thread, to be told on its caller's. */
sealed interface Outcome<R extends @Nullable Object> {

  /** The result, or throws the very instance that the function threw. */
  R get();

  record Returned<R extends @Nullable Object>(R value) implements Outcome<R> {
    @Override
    public R get() {
      return value;
    }
  }

  record Threw<R extends @Nullable Object>(Throwable thrown) implements Outcome<R> {
    @Override
    public R get() {
      throw Outcome.<RuntimeException>unchecked(thrown);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
