package dev.skep.boot;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.identity.Bootstrap.SignIn;
import dev.skep.port.CannotOpen;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a replica comes up and goes down: data folder, drivers, then all that needs
 * {@code sql} ({@link AfterSql}); only then does the HTTP port open. A server that cannot be
 * reached holds up none of it: the HTTP port opens all the same, the driver is tried again in the
 * background, and what needs {@code sql} follows when that is open. Back in the reverse, after
 * running requests were drained.
 */
@Singleton
final class Lifecycle {

  private static final Logger LOG = Logger.getLogger(Lifecycle.class);

  /** Together with {@code quarkus.shutdown.timeout} less than the 10 s in which a replica ends. */
  private static final Duration TO_STOP = Duration.ofSeconds(2);

  private static final Duration TO_CLOSE = Duration.ofMillis(2500);

  /** Enough for servers that are well; whoever asks for liveness shall not wait longer. */
  private static final Duration FIRST_TRIES = Duration.ofSeconds(3);

  private final SkepConfig config;
  private final Choice choice;
  private final Drivers drivers;
  private final PortStates states;
  private final AfterSql afterSql;

  private @Nullable DataFolder dataFolder;
  private final CompletableFuture<Void> cameUp = new CompletableFuture<>();
  private volatile boolean started;
  private volatile boolean up;
  private volatile boolean stopping;

  Lifecycle(
      SkepConfig config, Choice choice, Drivers drivers, PortStates states, AfterSql afterSql) {
    this.config = config;
    this.choice = choice;
    this.drivers = drivers;
    this.states = states;
    this.afterSql = afterSql;
  }

  void start(@Observes StartupEvent event) {
    try {
      if (choice.usesDataFolder()) {
        dataFolder = DataFolder.open(config.data());
      }
      drivers.open(FIRST_TRIES, TO_CLOSE, Ending::late);
      if (states.isOpen(Port.SQL)) {
        startAfterSql();
      }
      if (!up) {
        drivers.whenOpen(Port.SQL).thenRun(() -> afterSql.inBackground(this::isNowUp));
      }
      started = true;
    } catch (CannotOpen e) {
      throw new CannotStart(List.of(e.line()));
    } catch (SkepException e) {
      if (e.code() != ErrorCode.NO_SPACE) {
        throw e;
      }
      throw new CannotStart(
          List.of(
              "skep.data: the disk of %s is full (%s). Make at least 16 MiB free on it, then start again."
                  .formatted(config.data(), e.detail())));
    }
  }

  /** On this thread, so that a start on this machine is as fast and strict as it can be. */
  private void startAfterSql() {
    try {
      afterSql.start();
      isNowUp();
    } catch (SkepException e) {
      if (choice.isEmbedded(Port.SQL)) {
        throw e;
      }
      LOG.warnf("The start goes on in the background: %s", e.detail());
    }
  }

  private void isNowUp() {
    up = !stopping;
    if (up) {
      cameUp.complete(null);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    up = false;
    afterSql.stop(TO_STOP);
    drivers.close(TO_CLOSE);
    closeDataFolder();
  }

  /** Whether the start has done what it can do without servers. */
  boolean hasStarted() {
    return started && !stopping;
  }

  /** Whether everything has started and nothing is being stopped. */
  boolean isUp() {
    return up;
  }

  /** Completed once {@link #isUp}. */
  CompletableFuture<Void> cameUp() {
    return cameUp;
  }

  Optional<SignIn> whoSignsIn() {
    return afterSql.whoSignsIn();
  }

  private void closeDataFolder() {
    if (dataFolder == null) {
      return;
    }
    try {
      dataFolder.close();
    } catch (IOException e) {
      LOG.warn("The data folder could not be given back", e);
    }
    dataFolder = null;
  }
}
