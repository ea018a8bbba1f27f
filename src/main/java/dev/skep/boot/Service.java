package dev.skep.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The running replica: says that it is ready, then waits to be stopped. */
@Singleton
public final class Service implements QuarkusApplication {

  private static final Logger LOG = Logger.getLogger(Service.class);

  private final SkepConfig config;
  private final Choice choice;
  private final Lifecycle lifecycle;

  Service(SkepConfig config, Choice choice, Lifecycle lifecycle) {
    this.config = config;
    this.choice = choice;
    this.lifecycle = lifecycle;
  }

  @Override
  public int run(String... args) {
    if (!lifecycle.isUp()) {
      LOG.infof("Skep answers %s/q/health/ready and waits for sql", Address.here());
    }
    lifecycle.cameUp().thenRun(this::sayReady);
    Quarkus.waitForExit();
    return 0;
  }

  private void sayReady() {
    if (config.log().json().orElse(false)) {
      // Whoever reads the log reads JSON, and nothing else may stand between its lines.
      LOG.infof("Skep is ready in %d ms at %s", sinceStart().toMillis(), Address.here());
      return;
    }
    ReadyLines lines =
        new ReadyLines(
            sinceStart(),
            Address.here(),
            choice.usesDataFolder() ? Optional.of(config.data()) : Optional.empty(),
            lifecycle.whoSignsIn());
    Terminal.print(Terminal.isThere() ? lines.forTerminal() : lines.withoutTerminal());
  }

  /**
   * Since the JVM began; the process may be older, as the script that built it is replaced by it.
   */
  private static Duration sinceStart() {
    long began = ManagementFactory.getRuntimeMXBean().getStartTime();
    return Duration.between(Instant.ofEpochMilli(began), Instant.now());
  }
}
