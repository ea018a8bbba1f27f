package dev.skep.port.registry.embedded;

import dev.skep.common.Changes;
import dev.skep.common.StoppableThread;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Watch;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Calls one watcher on a virtual thread of its own with every state that differs from the last. */
final class ReplicasWatch implements Watch {

  private static final Logger LOG = Logger.getLogger(ReplicasWatch.class);

  private final Consumer<List<Replica>> watcher;
  private final LatestReplicas latest;
  private final Consumer<ReplicasWatch> onEnd;
  private final StoppableThread thread;

  ReplicasWatch(
      Consumer<List<Replica>> watcher, LatestReplicas latest, Consumer<ReplicasWatch> onEnd) {
    this.watcher = watcher;
    this.latest = latest;
    this.onEnd = onEnd;
    this.thread = new StoppableThread("registry-watch", this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Changes<List<Replica>> changes = new Changes<>(this::tell);
    List<Replica> seen = null;
    while ((seen = latest.awaitAfter(seen, thread::isStopped)) != null) {
      changes.accept(seen);
    }
    onEnd.accept(this);
  }

  private void tell(List<Replica> state) {
    try {
      watcher.accept(state);
    } catch (Throwable e) {
      LOG.error("registry: a watcher failed; it will see the next change", e);
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
