package dev.skep.port.config.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.Changes;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import dev.skep.port.config.ConfigKey;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.etcd.EntryFormat.Foreign;
import dev.skep.port.config.etcd.EntryFormat.Written;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdFollower;
import dev.skep.port.etcd.EtcdSettings;
import dev.skep.port.etcd.EtcdTxn;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnResponse;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Settings in etcd, each under {@code values/KEY}; its changes under {@code history/KEY:REVISION},
 * where the revision is that of the change before. A change and its history are one transaction,
 * which the first of several writers makes: the others find another revision, or the same name in
 * the history, taken.
 */
@Singleton
@Identifier("etcd")
public final class EtcdConfigStore implements ConfigStore, Driver, Versioned {

  private static final Logger LOG = Logger.getLogger(EtcdConfigStore.class);

  private static final String VALUES = "values/";
  private static final String HISTORY_OF = "history/";

  /** One more than shown: it tells what was before the oldest of these. */
  private static final int KEPT = HISTORY + 1;

  private final EtcdConfigStoreConfig config;
  private final Set<EtcdFollower> watches = ConcurrentHashMap.newKeySet();
  private volatile @Nullable EtcdConnection connection;

  @Inject
  public EtcdConfigStore(EtcdConfigStoreConfig config) {
    this.config = config;
  }

  @Override
  public void open() {
    connection = EtcdConnection.open(EtcdSettings.of("config", config));
  }

  @Override
  public String target() {
    return EtcdSettings.target("config", config);
  }

  @Override
  public String serverVersion() {
    return etcd().version();
  }

  @Override
  public void check() {
    etcd().check();
  }

  @Override
  public void close() {
    EtcdConnection open = connection;
    connection = null;
    watches.forEach(EtcdFollower::stop);
    if (open != null) {
      open.close();
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    EtcdConnection etcd = etcd();
    RangeRequest one =
        RangeRequest.newBuilder().setKey(valueKey(etcd, ConfigKey.checked(key))).build();
    List<KeyValue> found = etcd.range(one).getKvsList();
    return found.isEmpty() ? null : entry(key, found.getFirst());
  }

  @Override
  public Map<String, Entry> list(String prefix) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    EtcdConnection etcd = etcd();
    int skipped = valueKey(etcd, "").size();
    for (KeyValue each : etcd.list(VALUES + prefix).entries()) {
      String key = each.getKey().substring(skipped).toStringUtf8();
      entries.put(key, entry(key, each));
    }
    return Collections.unmodifiableSortedMap(entries);
  }

  @Override
  public Entry set(String key, String value, long expected, Author author) {
    ConfigKey.checkedValue(value);
    long revision = change(key, value, expected, author);
    return new Entry(value, revision, author);
  }

  @Override
  public void delete(String key, long expected, Author author) {
    change(key, null, expected, author);
  }

  @Override
  public List<Change> history(String key, int limit) {
    ConfigKey.checked(key);
    List<Change> changes = new ArrayList<>();
    String before = null;
    for (KeyValue each : etcd().list(historyPrefix(key)).entries()) {
      Written written = written(key, each);
      changes.add(new Change(each.getModRevision(), before, written.value(), written.author()));
      before = written.value();
    }
    Collections.reverse(changes);
    return List.copyOf(changes.subList(0, Math.min(Math.min(limit, HISTORY), changes.size())));
  }

  @Override
  public Watch watch(String prefix, Consumer<Map<String, Entry>> watcher) {
    EtcdFollower follower = etcd().follow(VALUES + prefix, new Telling(prefix, watcher));
    watches.add(follower);
    if (connection == null) {
      // Closed meanwhile, perhaps before the watch was in the set.
      follower.stop();
    }
    return () -> {
      follower.close();
      watches.remove(follower);
    };
  }

  /** Hands a state on when it differs from the last one. */
  private static final class Telling implements Consumer<EtcdFollower.State> {

    private final String prefix;
    private final Changes<Map<String, Entry>> changes;

    Telling(String prefix, Consumer<Map<String, Entry>> watcher) {
      this.prefix = prefix;
      this.changes = new Changes<>(watcher);
    }

    @Override
    public void accept(EtcdFollower.State state) {
      SortedMap<String, Entry> entries = new TreeMap<>();
      state.entries().forEach((name, stored) -> put(prefix + name, stored, entries));
      changes.accept(Collections.unmodifiableSortedMap(entries));
    }

    /** One that Skep did not write must not hide the others. */
    private static void put(String key, KeyValue stored, SortedMap<String, Entry> entries) {
      try {
        entries.put(key, entry(key, stored));
      } catch (SkepException e) {
        LOG.error(e.detail());
      }
    }
  }

  /** Makes the change and its history in one transaction; gives its revision. */
  private long change(String key, @Nullable String value, long expected, Author author) {
    EtcdConnection etcd = etcd();
    ByteString stored = valueKey(etcd, ConfigKey.checked(key));
    // The read also proves the line, so that a write rarely has an unknown outcome.
    Before before = before(etcd, key, stored);
    if (before.revision() != expected || (value == null && expected == ABSENT)) {
      throw new Conflict(key, expected, before.revision());
    }
    ByteString history =
        etcd.settings().key(historyPrefix(key) + HexFormat.of().toHexDigits(before.lastChange()));
    ByteString written = EntryFormat.write(value, author);
    EtcdTxn txn =
        new EtcdTxn()
            .ifModifiedAt(stored, expected)
            .ifAbsent(history)
            .thenPut(history, written)
            .elseGet(stored);
    if (value == null) {
      txn.thenDelete(stored);
    } else {
      txn.thenPut(stored, written);
    }
    if (before.oldest() != null) {
      txn.thenDelete(before.oldest());
    }
    TxnResponse response = etcd.write(txn.build());
    if (!response.getSucceeded()) {
      throw new Conflict(key, expected, revision(response.getResponses(0).getResponseRange()));
    }
    return response.getHeader().getRevision();
  }

  /**
   * What a change comes after.
   *
   * @param revision of the value, or {@link #ABSENT}
   * @param lastChange the revision of the latest change of the key, also when that deleted it
   * @param oldest of the history, to be removed when it is full
   */
  private record Before(long revision, long lastChange, @Nullable ByteString oldest) {}

  private static Before before(EtcdConnection etcd, String key, ByteString stored) {
    ByteString history = etcd.settings().key(historyPrefix(key));
    TxnResponse response =
        etcd.read(
            new EtcdTxn()
                .thenGetKey(stored)
                .thenGetFirstKey(history)
                .thenGetLastKey(history)
                .build());
    RangeResponse oldest = response.getResponses(1).getResponseRange();
    RangeResponse latest = response.getResponses(2).getResponseRange();
    return new Before(
        revision(response.getResponses(0).getResponseRange()),
        revision(latest),
        oldest.getCount() < KEPT ? null : oldest.getKvs(0).getKey());
  }

  private static long revision(RangeResponse range) {
    return range.getKvsCount() == 0 ? ABSENT : range.getKvs(0).getModRevision();
  }

  private static Entry entry(String key, KeyValue stored) {
    Written written = written(key, stored);
    if (written.value() == null) {
      throw foreign(key, "it has no value");
    }
    return new Entry(written.value(), stored.getModRevision(), written.author());
  }

  private static Written written(String key, KeyValue stored) {
    try {
      return EntryFormat.read(stored.getValue());
    } catch (Foreign e) {
      throw foreign(key, e.getMessage());
    }
  }

  private static SkepException foreign(String key, @Nullable String why) {
    return new SkepException(
        ErrorCode.CORRUPT,
        "config: what etcd holds for "
            + key
            + " was not written by this version of Skep: "
            + why
            + ". Delete it with etcdctl, or start the newer version");
  }

  private static ByteString valueKey(EtcdConnection etcd, String key) {
    return etcd.settings().key(VALUES + key);
  }

  /** A colon is in no key, so no other key's history begins like this. */
  private static String historyPrefix(String key) {
    return HISTORY_OF + key + ":";
  }

  private EtcdConnection etcd() {
    EtcdConnection open = connection;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "config: not open yet, or closed");
    }
    return open;
  }
}
