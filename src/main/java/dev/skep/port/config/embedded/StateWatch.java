package dev.skep.port.config.embedded;

import dev.skep.common.Changes;
import dev.skep.common.Latest;
import dev.skep.common.StoppableThread;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.port.config.ConfigStore.Watch;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Calls one watcher on a virtual thread of its own with every state that differs from the last. */
final class StateWatch implements Watch {

  private static final Logger LOG = Logger.getLogger(StateWatch.class);

  private final String prefix;
  private final Consumer<Map<String, Entry>> watcher;
  private final Latest<State> latest;
  private final Consumer<StateWatch> onEnd;
  private final StoppableThread thread;

  StateWatch(
      String prefix,
      Consumer<Map<String, Entry>> watcher,
      Latest<State> latest,
      Consumer<StateWatch> onEnd) {
    this.prefix = prefix;
    this.watcher = watcher;
    this.latest = latest;
    this.onEnd = onEnd;
    this.thread = new StoppableThread("config-watch-" + prefix, this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Changes<Map<String, Entry>> changes = new Changes<>(this::tell);
    State seen = null;
    while ((seen = latest.awaitAfter(seen, thread::isStopped)) != null) {
      changes.accept(seen.under(prefix));
    }
    onEnd.accept(this);
  }

  private void tell(Map<String, Entry> state) {
    try {
      watcher.accept(state);
    } catch (Throwable e) {
      LOG.errorf(
          e, "A watcher of the settings under '%s' failed; it will see the next change", prefix);
    }
  }

  /** Waits for a call that runs now, unless it comes from there. */
  @Override
  public void close() {
    stop();
    thread.close();
  }

  /** Ends the watch without waiting. */
  void stop() {
    thread.stop();
    latest.wakeAll();
  }
}
