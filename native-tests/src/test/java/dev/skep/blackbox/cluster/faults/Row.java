package dev.skep.blackbox.cluster.faults;

import dev.skep.blackbox.cluster.Servers;
import dev.skep.blackbox.cluster.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A row of the table "What happens when a store is down"; etcd serves three ports at once. */
enum Row {
  CACHE(List.of("cache"), Servers::redis, EnumSet.noneOf(Operation.class), Operation.DOWNLOAD),
  PUBSUB(List.of("pubsub"), Servers::nats, EnumSet.noneOf(Operation.class), Operation.DOWNLOAD),
  OBJECTS(
      List.of("objects"),
      Servers::s3,
      EnumSet.of(Operation.UPLOAD, Operation.DOWNLOAD),
      Operation.LIST),
  CONFIG_REGISTRY_COORDINATOR(
      List.of("config", "registry", "coordinator"),
      Servers::etcd,
      EnumSet.of(Operation.CHANGE_SETTING),
      Operation.DOWNLOAD),
  SQL(List.of("sql"), Servers::mariaDb, EnumSet.allOf(Operation.class), null);

  private final List<String> ports;
  private final Function<Servers, Store> store;
  private final Set<Operation> refused;
  private final Operation unrelated;

  Row(
      List<String> ports,
      Function<Servers, Store> store,
      Set<Operation> refused,
      Operation unrelated) {
    this.ports = ports;
    this.store = store;
    this.refused = refused;
    this.unrelated = unrelated;
  }

  List<String> ports() {
    return ports;
  }

  Store store(Servers servers) {
    return store.apply(servers);
  }

  /** What is answered by 503 while it is down; everything else works. */
  boolean refuses(Operation operation) {
    return refused.contains(operation);
  }

  Set<Operation> refused() {
    return refused;
  }

  /** What has nothing to do with the store; null when only the refusal of nobody has not. */
  Operation unrelated() {
    return unrelated;
  }

  /** Only without the tree a replica takes no requests. */
  boolean holdsReadinessBack() {
    return this == SQL;
  }
}
