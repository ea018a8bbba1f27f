package dev.skep.bench.ports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.skep.boot.CalledPorts;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.etcd.EtcdServiceRegistry;
import dev.skep.port.registry.etcd.EtcdServiceRegistryConfig;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Ten replicas listed; one more that comes, is seen by a watcher and goes. */
final class RegistryContest implements Contest {

  private static final int REPLICAS = 10;
  private static final int LEASE_SECONDS = 10;
  private static final ByteString PREFIX = Etcd.key("replicas/");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EtcdServiceRegistry driver;
  private final ServiceRegistry registry;
  private final Etcd bare;
  private final List<ServiceRegistry.Registration> registrations = new ArrayList<>();
  private final Semaphore seen = new Semaphore(0);
  private final Semaphore bareSeen = new Semaphore(0);
  private final ByteString entry;
  private volatile String coming = "";
  private volatile ByteString bareComing = ByteString.EMPTY;
  private volatile Runnable whenBareSeen = () -> {};
  private long numbers;

  private RegistryContest(Settings settings) throws Exception {
    driver = new EtcdServiceRegistry(settings.as(EtcdServiceRegistryConfig.class));
    driver.open();
    registry = CalledPorts.of("registry", ServiceRegistry.class, driver);
    bare = new Etcd(settings);
    entry = ByteString.copyFromUtf8(JSON.writeValueAsString(described("replica-0")));
    for (int i = 0; i < REPLICAS; i++) {
      registrations.add(registry.register(replica("replica-" + i)));
      bare.kv().put(PutRequest.newBuilder().setKey(key("replica-" + i)).setValue(entry).build());
    }
    registry.watch(this::changed);
    watchBare();
    while (registry.list().size() < REPLICAS) {
      Thread.sleep(20);
    }
  }

  static Contest open(Settings settings) throws Exception {
    return new RegistryContest(settings);
  }

  private void changed(List<Replica> replicas) {
    String wanted = coming;
    if (replicas.stream().anyMatch(each -> each.id().equals(wanted))) {
      coming = "";
      seen.release();
    }
  }

  private void watchBare() {
    StreamObserver<WatchRequest> requests =
        bare.watch()
            .watch(
                new StreamObserver<>() {
                  @Override
                  public void onNext(WatchResponse answer) {
                    ByteString wanted = bareComing;
                    if (answer.getEventsList().stream()
                        .anyMatch(event -> event.getKv().getKey().equals(wanted))) {
                      bareComing = ByteString.EMPTY;
                      whenBareSeen.run();
                    }
                  }

                  @Override
                  public void onError(Throwable cause) {
                    // the end of the contest, or the next wait tells
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(PREFIX).setRangeEnd(Etcd.endOf(PREFIX)))
            .build());
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        Comparison.alone(
            "list 10",
            caller -> require(registry.list().size() == REPLICAS),
            Peer.equal("a range request, generated stub, JSON read", caller -> bareList())),
        Comparison.alone(
            "register, seen by a watcher, close",
            caller -> comeAndGo(),
            Peer.equal(
                "grant and put on a thread of their own, seen by a watch, handed to a virtual"
                    + " thread, revoke",
                caller -> bareComeAndGoOnThreads()),
            Peer.informing(
                "grant, put, seen on the client's own thread, revoke", caller -> bareComeAndGo())));
  }

  private void comeAndGo() throws Exception {
    String id = "bench-" + numbers++;
    coming = id;
    try (ServiceRegistry.Registration registration = registry.register(replica(id))) {
      Wait.of(seen);
    }
  }

  /** {@code register} returns at once, and watchers are called on a virtual thread. */
  private void bareComeAndGoOnThreads() throws Exception {
    ByteString key = bareNext(() -> Thread.ofVirtual().start(bareSeen::release));
    CompletableFuture<Long> lease = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> lease.complete(bareCome(key)));
    Wait.of(bareSeen);
    bare.revoke(Wait.of(lease));
  }

  private void bareComeAndGo() throws Exception {
    long lease = bareCome(bareNext(bareSeen::release));
    Wait.of(bareSeen);
    bare.revoke(lease);
  }

  private ByteString bareNext(Runnable whenSeen) {
    ByteString key = key("bench-" + numbers++);
    whenBareSeen = whenSeen;
    bareComing = key;
    return key;
  }

  private long bareCome(ByteString key) {
    long lease = bare.grant(LEASE_SECONDS);
    bare.kv().put(PutRequest.newBuilder().setKey(key).setValue(entry).setLease(lease).build());
    return lease;
  }

  private void bareList() throws IOException {
    RangeResponse all =
        bare.kv()
            .range(
                RangeRequest.newBuilder().setKey(PREFIX).setRangeEnd(Etcd.endOf(PREFIX)).build());
    int count = 0;
    for (KeyValue each : all.getKvsList()) {
      count += JSON.readTree(each.getValue().toByteArray()).has("id") ? 1 : 0;
    }
    require(count == REPLICAS);
  }

  private static ByteString key(String id) {
    return PREFIX.concat(ByteString.copyFromUtf8(id));
  }

  private static Replica replica(String id) {
    return new Replica(
        id,
        "http://127.0.0.1:8080",
        Set.of("web", "worker"),
        "0.1.0",
        Map.of("sql", "mysql", "objects", "s3", "config", "etcd", "cache", "redis"),
        Instant.EPOCH,
        Map.of("load", "0.5"));
  }

  /** What the driver makes of it. */
  private static Map<String, Object> described(String id) {
    Replica replica = replica(id);
    return Map.of(
        "id", id,
        "address", replica.address(),
        "roles", replica.roles(),
        "version", replica.version(),
        "drivers", replica.drivers(),
        "startedAt", replica.startedAt().toString(),
        "attributes", replica.attributes());
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("etcd lists others than were registered");
    }
  }

  @Override
  public void close() {
    registrations.forEach(ServiceRegistry.Registration::close);
    driver.close();
    bare.close();
  }
}
