package dev.skep.blackbox.cluster.faults;

import dev.skep.blackbox.cluster.Store;
import java.util.function.Consumer;

/** A way in which a server goes down; each is mended by {@link Store#mend}. */
enum Fault {
  /** Connections end, new ones are refused. */
  CUT(Store::cut),
  /** Connections stay, nothing passes. */
  SILENT(Store::silence),
  /** Its process is stopped (SIGSTOP). */
  FROZEN(Store::freeze),
  /** Its process is killed (SIGKILL), and started again on its data. */
  KILLED(Store::kill);

  private final Consumer<Store> cause;

  Fault(Consumer<Store> cause) {
    this.cause = cause;
  }

  void befall(Store store) {
    cause.accept(store);
  }
}
