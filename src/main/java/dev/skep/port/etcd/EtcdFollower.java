package dev.skep.port.etcd;

import com.google.protobuf.ByteString;
import dev.skep.port.leased.Follower;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows what is under a prefix, on one virtual thread: lists it at a revision, watches from the
 * next one, and begins again after any end of the watch (compaction, no leader, cut) and after
 * {@link #SILENCE} without a sign of life, since a black hole ends no stream (P15). So it sees
 * deletions of the meantime too, and never an older state after a newer one.
 */
public final class EtcdFollower extends Follower<EtcdFollower.State> {

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
  private final Context.CancellableContext calls = Context.ROOT.withCancellation();
  private volatile @Nullable EtcdStream<WatchRequest, WatchResponse> stream;

  EtcdFollower(EtcdConnection connection, String prefix, Consumer<State> watcher) {
    // What the watcher calls is not to be cancelled with the watch.
    super(
        "etcd",
        connection.settings().port(),
        prefix,
        state -> Context.ROOT.run(() -> watcher.accept(state)));
    this.connection = connection;
    this.prefixName = prefix;
    this.prefix = connection.settings().key(prefix);
  }

  @Override
  public void stop() {
    super.stop();
    EtcdStream<WatchRequest, WatchResponse> last = stream;
    if (last != null) {
      last.close();
    }
    calls.cancel(null);
  }

  @Override
  protected void follow() {
    calls.run(this::listAndWatch);
  }

  private void listAndWatch() {
    EtcdConnection.Listing listing = connection.list(prefixName);
    answered();
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
    while (!thread().isStopped()) {
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
        watch.refused();
        thread().pause(Duration.ofMillis(100));
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

  /** False once stopped: {@link #stop} closes it, or is seen here. */
  private boolean taken(@Nullable EtcdStream<WatchRequest, WatchResponse> watch) {
    stream = watch;
    return !thread().isStopped();
  }
}
