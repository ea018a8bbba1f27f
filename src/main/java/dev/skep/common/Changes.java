package dev.skep.common;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands a state on when it differs from the last one. For one thread. */
public final class Changes<S> implements Consumer<S> {

  private final Consumer<? super S> watcher;
  private @Nullable S told;

  public Changes(Consumer<? super S> watcher) {
    this.watcher = watcher;
  }

  @Override
  public void accept(S state) {
    if (!state.equals(told)) {
      told = state;
      watcher.accept(state);
    }
  }
}
