package dev.skep.bench.ports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.skep.boot.CalledPorts;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.etcd.EtcdConfigStore;
import dev.skep.port.config.etcd.EtcdConfigStoreConfig;
import dev.skep.port.etcd.EtcdTxn;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Settings: one read, all under a prefix read, one changed. */
final class ConfigContest implements Contest {

  private static final int ENTRIES = 20;
  private static final String KEY = "bench/0";
  private static final String VALUE = "a value such as settings have".repeat(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Author AUTHOR = new Author("bench", Instant.EPOCH);

  /** As many changes of a key as the driver keeps, and the one before them. */
  private static final int KEPT = ConfigStore.HISTORY + 1;

  private final EtcdConfigStore driver;
  private final ConfigStore store;
  private final Etcd bare;
  private final ByteString bareValue;
  private long revision;
  private long bareRevision;

  private ConfigContest(Settings settings) {
    driver = new EtcdConfigStore(settings.as(EtcdConfigStoreConfig.class));
    driver.open();
    store = CalledPorts.of("config", ConfigStore.class, driver);
    bare = new Etcd(settings);
    // What the driver stores: a line that tells the author, then the value.
    bareValue =
        ByteString.copyFromUtf8(
            "{\"format\":1,\"author\":\"bench\",\"at\":\"1970-01-01T00:00:00Z\",\"deleted\":false}\n"
                + VALUE);
    for (int i = 0; i < ENTRIES; i++) {
      store.set("bench/" + i, VALUE, ConfigStore.ABSENT, AUTHOR);
      put(value("bench/" + i));
    }
    revision = store.get(KEY).revision();
    bareRevision = range(value(KEY)).getKvs(0).getModRevision();
  }

  static Contest open(Settings settings) {
    return new ConfigContest(settings);
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        Comparison.alone(
            "get",
            caller -> require(store.get(KEY).value().equals(VALUE)),
            Peer.equal("a range request, generated stub", caller -> bareGet()),
            Peer.informing("jetcd's own client", caller -> clientGet())),
        Comparison.alone(
            "list 20",
            caller -> require(store.list("bench/").size() == ENTRIES),
            Peer.equal(
                "a range request, generated stub, each author's line of JSON read",
                caller -> bareList())),
        Comparison.alone(
            "set",
            caller -> revision = store.set(KEY, VALUE, revision, AUTHOR).revision(),
            Peer.equal("the same two transactions: look, change with history", caller -> bareSet()),
            Peer.informing("a put alone", caller -> put(value(KEY + "-alone")))));
  }

  private void bareGet() throws IOException {
    KeyValue found = range(value(KEY)).getKvs(0);
    require(found.getValue().toStringUtf8().endsWith(VALUE));
  }

  private void clientGet() throws Exception {
    var found = Wait.of(bare.client().getKVClient().get(Etcd.sequence(value(KEY)))).getKvs();
    require(found.getFirst().getValue().toString().endsWith(VALUE));
  }

  private void bareList() throws IOException {
    RangeRequest all =
        RangeRequest.newBuilder()
            .setKey(value("bench/"))
            .setRangeEnd(Etcd.endOf(value("bench/")))
            .build();
    int found = 0;
    for (KeyValue each : bare.kv().range(all).getKvsList()) {
      String stored = each.getValue().toStringUtf8();
      String head = stored.substring(0, stored.indexOf('\n'));
      found += stored.endsWith(VALUE) && JSON.readTree(head).has("author") ? 1 : 0;
    }
    require(found >= ENTRIES);
  }

  /** A compare-and-set that writes the history in the same step and keeps it short. */
  private void bareSet() throws IOException {
    ByteString stored = value(KEY);
    ByteString history = Etcd.key("history/" + KEY + ":");
    TxnResponse before =
        bare.kv()
            .txn(
                new EtcdTxn()
                    .thenGetKey(stored)
                    .thenGetFirstKey(history)
                    .thenGetLastKey(history)
                    .build());
    RangeResponse oldest = before.getResponses(1).getResponseRange();
    RangeResponse latest = before.getResponses(2).getResponseRange();
    long last = latest.getKvsCount() == 0 ? 0 : latest.getKvs(0).getModRevision();
    ByteString change = history.concat(ByteString.copyFromUtf8(HexFormat.of().toHexDigits(last)));
    EtcdTxn write =
        new EtcdTxn()
            .ifModifiedAt(stored, bareRevision)
            .ifAbsent(change)
            .thenPut(change, bareValue)
            .thenPut(stored, bareValue)
            .elseGet(stored);
    if (oldest.getCount() >= KEPT) {
      write.thenDelete(oldest.getKvs(0).getKey());
    }
    TxnResponse written = bare.kv().txn(write.build());
    require(written.getSucceeded());
    bareRevision = written.getHeader().getRevision();
  }

  private void put(ByteString key) {
    bare.kv().put(PutRequest.newBuilder().setKey(key).setValue(bareValue).build());
  }

  private RangeResponse range(ByteString key) {
    return bare.kv().range(RangeRequest.newBuilder().setKey(key).build());
  }

  private static ByteString value(String key) {
    return Etcd.key("values/" + key);
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("etcd answered something else");
    }
  }

  @Override
  public void close() {
    driver.close();
    bare.close();
  }
}
