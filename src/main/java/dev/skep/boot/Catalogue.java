package dev.skep.boot;

import java.util.List;
import java.util.Optional;

/**
 * Every driver in this artefact and every interface that maps its configuration. It is written down
 * here rather than found at run time, because it is needed before the container of beans starts, so
 * that a wrong choice is reported before anything else happens; a test holds it complete.
 */
record Catalogue(List<Entry> entries, List<Class<?>> mappings) {

  /** A driver: its port, its name, and the set that chooses it for the port, if one does. */
  record Entry(Port port, String name, Optional<DriverSet> set) {}

  static final Catalogue OF_THIS_BUILD =
      new Catalogue(
          List.of(
              embedded(Port.SQL),
              clustered(Port.SQL, "mysql"),
              embedded(Port.OBJECTS),
              clustered(Port.OBJECTS, "s3"),
              embedded(Port.CONFIG),
              clustered(Port.CONFIG, "etcd"),
              embedded(Port.CACHE),
              clustered(Port.CACHE, "redis"),
              embedded(Port.PUBSUB),
              clustered(Port.PUBSUB, "nats"),
              embedded(Port.COORDINATOR),
              clustered(Port.COORDINATOR, "etcd"),
              alternative(Port.COORDINATOR, "zookeeper"),
              embedded(Port.REGISTRY),
              clustered(Port.REGISTRY, "etcd"),
              alternative(Port.REGISTRY, "zookeeper")),
          Mappings.ALL);

  Catalogue {
    entries = List.copyOf(entries);
    mappings = List.copyOf(mappings);
  }

  /** The names of a port's drivers. */
  List<String> names(Port port) {
    return entries.stream().filter(e -> e.port() == port).map(Entry::name).toList();
  }

  /** The driver that a set chooses for a port. */
  Optional<String> name(Port port, DriverSet set) {
    return entries.stream()
        .filter(e -> e.port() == port && e.set().equals(Optional.of(set)))
        .map(Entry::name)
        .findFirst();
  }

  private static Entry embedded(Port port) {
    return new Entry(port, "embedded", Optional.of(DriverSet.EMBEDDED));
  }

  private static Entry clustered(Port port, String name) {
    return new Entry(port, name, Optional.of(DriverSet.CLUSTERED));
  }

  private static Entry alternative(Port port, String name) {
    return new Entry(port, name, Optional.empty());
  }
}
