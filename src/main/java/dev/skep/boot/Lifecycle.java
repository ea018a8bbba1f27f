package dev.skep.boot;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.domain.identity.Bootstrap.SignIn;
import dev.skep.port.CannotOpen;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a replica comes up and goes down: data folder, drivers, administrator, parts;
 * only then does the HTTP port open. Back in the reverse, after running requests were drained.
 */
@Singleton
final class Lifecycle {

  private static final Logger LOG = Logger.getLogger(Lifecycle.class);

  /** Together with {@code quarkus.shutdown.timeout} less than the 10 s in which a replica ends. */
  private static final Duration TO_CLOSE = Duration.ofSeconds(3);

  private final SkepConfig config;
  private final Choice choice;
  private final Drivers drivers;
  private final List<Part> parts;
  private final Bootstrap bootstrap;

  private @Nullable DataFolder dataFolder;
  private final List<Part> started = new ArrayList<>();
  private volatile boolean up;
  private volatile Optional<SignIn> signIn = Optional.empty();

  Lifecycle(
      SkepConfig config,
      Choice choice,
      Drivers drivers,
      @All List<Part> parts,
      Bootstrap bootstrap) {
    this.config = config;
    this.choice = choice;
    this.drivers = drivers;
    this.parts = parts;
    this.bootstrap = bootstrap;
  }

  void start(@Observes StartupEvent event) {
    try {
      if (choice.usesDataFolder()) {
        dataFolder = DataFolder.open(config.data());
      }
      drivers.open(TO_CLOSE).forEach(opened -> LOG.info(opened.line()));
      // Before background work takes its share of the processor: somebody waits for these lines.
      signIn = signIn();
      for (Part part : parts) {
        started.add(part);
        part.start();
      }
      up = true;
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

  void stop(@Observes ShutdownEvent event) {
    up = false;
    for (Part part : started.reversed()) {
      try {
        part.stop();
      } catch (RuntimeException e) {
        LOG.warn("A part could not be stopped", e);
      }
    }
    started.clear();
    drivers.close(TO_CLOSE);
    closeDataFolder();
  }

  /** Whether everything has started and nothing is being stopped. */
  boolean isUp() {
    return up;
  }

  Optional<SignIn> whoSignsIn() {
    return signIn;
  }

  /** Only where the database is this machine's own does each start make a session. */
  private Optional<SignIn> signIn() {
    try {
      if (!choice.driver(Port.SQL).equals(DriverSet.EMBEDDED.word())) {
        bootstrap.install(config.admin().password());
        return Optional.empty();
      }
      AdminFile file = AdminFile.in(config.data());
      Optional<SignIn> made = bootstrap.start(config.admin().password(), file.password());
      if (made.isPresent()) {
        file.write(made.get());
      }
      return made;
    } catch (SkepException e) {
      if (e.code() != ErrorCode.MALFORMED) {
        throw e;
      }
      throw new CannotStart(List.of("skep.admin.password: " + e.detail() + "."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
