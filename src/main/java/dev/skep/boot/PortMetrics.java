package dev.skep.boot;

import dev.skep.api.rest.Metrics;
import dev.skep.common.SkepException;
import dev.skep.domain.content.Sweeper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long each operation of each port takes, by its outcome. Nothing is made before it is used:
 * most timers at the first call, the gauges of the JVM when somebody looks.
 */
@Singleton
final class PortMetrics implements Metrics {

  private static final String TIMER = "skep.port";

  /** Bounds of the histogram: from a memory's answer to the patience of clients. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PortStates states;
  private final Optional<byte[]> secret;
  private final Supplier<Number> setAside;
  private boolean bound;

  @Inject
  PortMetrics(SkepConfig config, PortStates states, Instance<Sweeper> sweeper) {
    this(config.metrics().token(), states, () -> sweeper.get().setAside());
  }

  PortMetrics(Optional<String> secret, PortStates states) {
    this(secret, states, () -> 0);
  }

  private PortMetrics(Optional<String> secret, PortStates states, Supplier<Number> setAside) {
    this.secret = secret.map(text -> text.getBytes(StandardCharsets.UTF_8));
    this.states = states;
    this.setAside = setAside;
  }

  /** How a call ended, as far as the port is concerned. */
  enum Outcome {
    OK,
    /** The store did not answer, or is not open. */
    UNAVAILABLE,
    UNKNOWN_OUTCOME,
    NO_SPACE,
    /** What the contract or the caller's own function throws: the store has done its part. */
    REFUSED,
    /** A fault of the driver or of Skep. */
    FAILED;

    static Outcome of(@Nullable Throwable thrown) {
      return switch (thrown) {
        case null -> OK;
        case SkepException known ->
            switch (known.code()) {
              case UNAVAILABLE -> UNAVAILABLE;
              case UNKNOWN_OUTCOME -> UNKNOWN_OUTCOME;
              case NO_SPACE -> NO_SPACE;
              case INTERNAL, CORRUPT -> FAILED;
              default -> REFUSED;
            };
        default -> thrown.getClass().getName().startsWith("dev.skep.") ? REFUSED : FAILED;
      };
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The timers of one operation. */
  Operation operation(Port port, String name) {
    return new Operation(port, name);
  }

  /** One operation of a port; thread-safe. */
  final class Operation {

    private final Port port;
    private final String name;
    private final ConcurrentMap<Outcome, Timer> timers = new ConcurrentHashMap<>(2);

    private Operation(Port port, String name) {
      this.port = port;
      this.name = name;
    }

    void took(long nanos, @Nullable Throwable thrown) {
      Outcome outcome = Outcome.of(thrown);
      Timer timer = timers.get(outcome);
      if (timer == null) {
        timer = timers.computeIfAbsent(outcome, this::timer);
      }
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Outcome outcome) {
      return Timer.builder(TIMER)
          .description("Calls of ports")
          .tag("port", port.word())
          .tag("operation", name)
          .tag("outcome", outcome.word())
          .serviceLevelObjectives(BOUNDS)
          .register(registry);
    }
  }

  @Override
  public String text() {
    bindOnce();
    return registry.scrape();
  }

  @Override
  public boolean opensWith(String given) {
    return secret
        .filter(wanted -> MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }

  private synchronized void bindOnce() {
    if (bound) {
      return;
    }
    bound = true;
    new JvmMemoryMetrics().bindTo(registry);
    // Listens for as long as the process runs, so it is never closed.
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    for (Port port : Port.values()) {
      Gauge.builder("skep.port.open", states, it -> it.isOpen(port) ? 1 : 0)
          .description("Whether the port's driver is open on this replica")
          .tag("port", port.word())
          .register(registry);
    }
    Gauge.builder("skep.sweeper.set.aside", setAside)
        .description("Purged nodes that this replica could not remove when it last tried")
        .register(registry);
  }
}
