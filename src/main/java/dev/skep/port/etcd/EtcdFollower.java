package dev.skep.port.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.SkepException;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Context;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows what is under a prefix, on one virtual thread: lists it at a revision, watches from the
 * next one, and begins again after any end of the watch (compaction, no leader, cut) and after
 * {@link #SILENCE} without a sign of life, since a black hole ends no stream (P15). So it sees
 * deletions of the meantime too, and never an older state after a newer one.
 */
public final class EtcdFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EtcdFollower.class);

  /** How long nothing may come before etcd is asked for a sign of life. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final Duration SILENCE = Duration.ofSeconds(6);

  /**
   * What is under the prefix.
   *
   * @param entries by key without the prefix
   */
  public record State(SortedMap<String, KeyValue> entries, long revision) {}

  private final EtcdConnection connection;
  private final ByteString prefix;
  private final String prefixName;
  private final Consumer<State> watcher;
  private final Thread thread;
  private final Context.CancellableContext calls = Context.ROOT.withCancellation();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ending = lock.newCondition();
  private boolean closed;
  private @Nullable EtcdStream<WatchRequest, WatchResponse> stream;
  private boolean failing;

  EtcdFollower(EtcdConnection connection, String prefix, Consumer<State> watcher) {
    this.connection = connection;
    this.prefixName = prefix;
    this.prefix = connection.settings().key(prefix);
    this.watcher = watcher;
    this.thread =
        Thread.ofVirtual()
            .name("etcd " + connection.settings().port() + " " + prefix)
            .unstarted(calls.wrap(this::run));
  }

  void start() {
    thread.start();
  }

  /** Waits for a call that runs now, unless it comes from there; none comes afterwards. */
  @Override
  public void close() {
    stop();
    if (Thread.currentThread() != thread) {
      joinUninterruptibly();
    }
  }

  /** Ends it without waiting. */
  public void stop() {
    lock.lock();
    try {
      closed = true;
      ending.signalAll();
      if (stream != null) {
        stream.close();
      }
    } finally {
      lock.unlock();
    }
    calls.cancel(null);
  }

  private void run() {
    while (!isClosed()) {
      try {
        listAndWatch();
      } catch (SkepException e) {
        failed(e);
      }
    }
  }

  private void listAndWatch() {
    EtcdConnection.Listing listing = connection.list(prefixName);
    if (failing) {
      failing = false;
      LOG.infof("%s: etcd answers again", connection.settings().port());
    }
    SortedMap<String, KeyValue> entries = new TreeMap<>();
    listing.entries().forEach(each -> entries.put(name(each), each));
    tell(new State(Collections.unmodifiableSortedMap(new TreeMap<>(entries)), listing.revision()));
    try (EtcdStream<WatchRequest, WatchResponse> watch =
        connection.watch(prefix, listing.revision() + 1)) {
      if (taken(watch)) {
        watch(watch, entries);
      }
    } finally {
      taken(null);
    }
  }

  /** Returns when it must begin again. */
  private void watch(
      EtcdStream<WatchRequest, WatchResponse> watch, SortedMap<String, KeyValue> entries) {
    Duration silent = Duration.ZERO;
    while (!isClosed()) {
      WatchResponse response = watch.next(QUIET);
      if (response == null) {
        silent = silent.plus(QUIET);
        if (silent.compareTo(SILENCE) >= 0) {
          watch.leaveSilent();
          return;
        }
        watch.send(
            WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
        continue;
      }
      silent = Duration.ZERO;
      if (response.getCanceled()) {
        // Compacted, or refused: a new token may be let in, and the listing tells why if not.
        connection.forgetLogIn();
        pause(Duration.ofMillis(100));
        return;
      }
      if (response.getEventsCount() > 0) {
        response.getEventsList().forEach(event -> apply(event, entries));
        tell(
            new State(
                Collections.unmodifiableSortedMap(new TreeMap<>(entries)),
                response.getHeader().getRevision()));
      }
    }
  }

  private void apply(Event event, SortedMap<String, KeyValue> entries) {
    if (event.getType() == Event.EventType.DELETE) {
      entries.remove(name(event.getKv()));
    } else {
      entries.put(name(event.getKv()), event.getKv());
    }
  }

  private String name(KeyValue entry) {
    return entry.getKey().substring(prefix.size()).toStringUtf8();
  }

  private void tell(State state) {
    if (isClosed()) {
      return;
    }
    // What the watcher calls is not to be cancelled with the watch.
    Context before = Context.ROOT.attach();
    try {
      watcher.accept(state);
    } catch (Throwable e) {
      LOG.errorf(
          e,
          "%s: a watcher of '%s' failed; it will see the next change",
          connection.settings().port(),
          prefixName);
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private void failed(SkepException e) {
    if (isClosed()) {
      return;
    }
    if (!failing) {
      failing = true;
      LOG.warnf("%s; what was last seen holds meanwhile", e.detail());
    }
    pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)));
  }

  private void pause(Duration duration) {
    lock.lock();
    try {
      long left = duration.toNanos();
      while (!closed && left > 0) {
        left = ending.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // The watcher interrupted its own thread; that is no reason to stop watching.
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** False once closed. */
  private boolean taken(@Nullable EtcdStream<WatchRequest, WatchResponse> watch) {
    lock.lock();
    try {
      stream = watch;
      return !closed;
    } finally {
      lock.unlock();
    }
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
