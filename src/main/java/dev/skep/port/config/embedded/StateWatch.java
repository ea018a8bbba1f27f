package dev.skep.port.config.embedded;

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
  private final LatestState latest;
  private final Consumer<StateWatch> onEnd;
  private final Thread thread;
  private volatile boolean closed;

  StateWatch(
      String prefix,
      Consumer<Map<String, Entry>> watcher,
      LatestState latest,
      Consumer<StateWatch> onEnd) {
    this.prefix = prefix;
    this.watcher = watcher;
    this.latest = latest;
    this.onEnd = onEnd;
    this.thread = Thread.ofVirtual().name("config-watch-" + prefix).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Map<String, Entry> told = null;
    State seen = null;
    while ((seen = latest.awaitAfter(seen, () -> closed)) != null) {
      Map<String, Entry> now = seen.under(prefix);
      if (!now.equals(told)) {
        told = now;
        tell(now);
      }
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
    if (Thread.currentThread() != thread) {
      joinUninterruptibly();
    }
  }

  /** Ends the watch without waiting. */
  void stop() {
    closed = true;
    latest.wakeAll();
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
