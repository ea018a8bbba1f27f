package dev.skep.domain.cluster;

import dev.skep.common.SkepException;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this replica listed in the registry from {@link #start} to {@link #stop}, and knows who
 * else is. Only {@code boot} calls these. The registry may come late, go and come back.
 */
@Singleton
public class Members {

  /** The attribute of a replica that holds its load. */
  public static final String LOAD = "load";

  /** The attribute of a replica that names its drive: the tables of {@code sql} that it serves. */
  public static final String DRIVE = "drive";

  private static final Logger LOG = Logger.getLogger(Members.class);

  private final ServiceRegistry registry;
  private final InstantSource clock;
  private volatile State last = new State(List.of(), null, false);
  private volatile String own = "";
  private volatile boolean stopped;
  private @Nullable Thread telling;
  private ServiceRegistry.@Nullable Registration registration;

  public Members(ServiceRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Who lives.
   *
   * @param asOf when the registry has told so; absent when it never has
   * @param fresh whether that is now
   */
  record State(List<Replica> replicas, @Nullable Instant asOf, boolean fresh) {}

  /**
   * @param id of this replica
   * @param self tells what is to be listed; asked every few seconds
   * @param every how often, in milliseconds
   */
  public void start(String id, Supplier<Replica> self, long every) {
    own = id;
    telling = Thread.ofVirtual().name("registration").start(() -> tell(self, every));
  }

  public void stop() {
    stopped = true;
    Thread thread = telling;
    if (thread != null) {
      thread.interrupt();
    }
    ServiceRegistry.@Nullable Registration listed;
    synchronized (this) {
      listed = registration;
      registration = null;
    }
    if (listed != null) {
      listed.close();
    }
  }

  /** The id of this replica. */
  String own() {
    return own;
  }

  /** Asks the registry, and falls back on what it told last. */
  State latest() {
    try {
      State now = new State(registry.list(), clock.instant(), true);
      last = now;
      return now;
    } catch (SkepException e) {
      LOG.debugf("registry: %s", e.detail());
      return new State(last.replicas(), last.asOf(), false);
    }
  }

  private void tell(Supplier<Replica> self, long every) {
    @Nullable Replica told = null;
    while (!stopped) {
      try {
        Replica now = self.get();
        if (!now.equals(told)) {
          tell(now);
          told = now;
        }
        // Also known while nobody asks, so that there is something to show once it is down.
        last = new State(registry.list(), clock.instant(), true);
      } catch (SkepException e) {
        LOG.debugf("registry: %s", e.detail());
      } catch (RuntimeException e) {
        LOG.error("This replica could not be listed; it is tried again", e);
      }
      try {
        Thread.sleep(every);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void tell(Replica now) {
    if (stopped) {
      return;
    }
    if (registration == null) {
      registration = registry.register(now);
    } else {
      registration.update(now);
    }
  }
}
