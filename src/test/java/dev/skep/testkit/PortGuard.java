package dev.skep.testkit;

/**
 * Catches port calls inside a function of {@code SqlStore}, which may run twice or on another
 * thread and so must touch nothing but its transaction. One guard is given to all fake ports of a
 * test; each calls {@link #check} first.
 */
public final class PortGuard {

  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  /** What a function of the store does. */
  @FunctionalInterface
  interface Body<R> {
    R run();
  }

  <R> R inside(Body<R> body) {
    boolean before = inside.get();
    inside.set(true);
    try {
      return body.run();
    } finally {
      inside.set(before);
    }
  }

  /**
   * @throws AssertionError inside a function of the store
   */
  public void check(String call) {
    if (inside.get()) {
      throw new AssertionError(
          call + " inside a function of SqlStore, which may only touch its Tx and its arguments");
    }
  }
}
