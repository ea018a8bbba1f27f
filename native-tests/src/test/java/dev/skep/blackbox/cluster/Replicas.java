package dev.skep.blackbox.cluster;

import dev.skep.blackbox.Skep;
import dev.skep.testkit.server.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Replicas of the built artefact on common {@link Servers}. Thread-safe. */
public final class Replicas implements AutoCloseable {

  /** Of the administrator {@code admin}. */
  public static final String PASSWORD = "the-administrator-of-all-replicas";

  private static final Duration START = Duration.ofSeconds(150);

  private final Servers servers;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<Replica> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private String heap = "-Xmx256m";
  private String session = "";

  private Replicas(Servers servers) {
    this.servers = servers;
  }

  /** None yet. */
  public static Replicas on(Servers servers) {
    return new Replicas(servers);
  }

  /** An environment variable of all that are started from now on. */
  public Replicas with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** The heap of all that are started from now on, such as {@code -Xmx128m}. */
  public Replicas heap(String option) {
    heap = option;
    return this;
  }

  /** Starts so many at once and waits until each is whole. */
  public List<Replica> start(int count) {
    List<Replica> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(launch());
    }
    started.forEach(each -> each.awaitWhole(START));
    return started;
  }

  /** Starts one more and waits until it is whole. */
  public Replica start() {
    return start(1).getFirst();
  }

  /** Starts one more with lines of its own to the servers, and waits until it is whole. */
  public Replica startApart() {
    Replica replica = launch(Store::newLine, setup -> {});
    replica.awaitWhole(START);
    return replica;
  }

  /** Starts one more without waiting. */
  public Replica launch() {
    return launch(setup -> {});
  }

  /**
   * Starts one more without waiting.
   *
   * @param change of its set-up, after all else
   */
  public Replica launch(Consumer<Skep.Setup> change) {
    return launch(Store::line, change);
  }

  private Replica launch(Function<Store, TcpProxy> choice, Consumer<Skep.Setup> change) {
    Skep.Setup setup = Skep.on(Skep.newFolder("absent").resolve("data")).arguments("serve");
    setup
        .javaOption(heap)
        .with("QUARKUS_HTTP_HOST", "127.0.0.1")
        .with("SKEP_DRIVERS", "clustered")
        .with("SKEP_ADMIN_PASSWORD", PASSWORD);
    Map<Store, TcpProxy> lines = new LinkedHashMap<>();
    for (Store store : servers.all()) {
      TcpProxy line = choice.apply(store);
      lines.put(store, line);
      store.environment(line).forEach(setup::with);
    }
    environment.forEach(setup::with);
    change.accept(setup);
    Replica replica = new Replica(this, numbers.incrementAndGet(), setup.launch(), lines);
    all.add(replica);
    return replica;
  }

  /** Those whose process runs, also frozen ones, the oldest first. */
  public List<Replica> all() {
    return all.stream().filter(Replica::isRunning).toList();
  }

  /** All that were ever started, also those that have ended. */
  public List<Replica> everyOne() {
    return List.copyOf(all);
  }

  /** One of those that run, counted from 0. */
  public Replica get(int index) {
    return all().get(index);
  }

  public Servers servers() {
    return servers;
  }

  /** The secret of one session of the administrator, for all replicas. */
  synchronized String adminSession() {
    if (session.isEmpty()) {
      Replica ready = all().stream().filter(Replica::isReady).findFirst().orElseThrow();
      session =
          ready
              .nobody()
              .post("/sessions", "{'name':'admin','password':'" + PASSWORD + "'}")
              .is(201)
              .text("token");
    }
    return session;
  }

  /** Kills them all. */
  @Override
  public void close() {
    all().forEach(Replica::kill);
  }
}
