package dev.skep.port.registry;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which replicas are alive, for people and for other replicas to see. It decides nothing: who may
 * act is a matter of the coordinator.
 *
 * <h2>Registering</h2>
 *
 * {@link #register} returns at once, also while the store is down, once the driver was opened. The
 * entry is listed as soon as the store has it, and again by itself after every loss (an outage
 * longer than its lease, a store made anew), until the registration is closed; that removes it at
 * once. A replica that dies, or is cut off from the store, is listed for {@link #expiry()} at most.
 * An id belongs to one registration; of two with the same id one entry is listed.
 *
 * <h2>Watching</h2>
 *
 * A watcher is called with all replicas that are alive: once when the store is first seen, then
 * after every change, in order, perhaps several changes at once, never an older state after a newer
 * one. It survives outages and sees the latest state within 15 s after the store is back. During an
 * outage nothing is told, so the last state counts for as long as whoever keeps it will have it. It
 * runs on a virtual thread of the driver; what it throws is logged and does not end the watch.
 *
 * <h2>Failures</h2>
 *
 * {@code unavailable} when the store does not answer in time. Thread-safe.
 */
public interface ServiceRegistry {

  /** How long a replica may be listed that is no more. */
  Duration expiry();

  /** Lists this replica until the registration is closed. */
  Registration register(Replica replica);

  /** All replicas that are alive, by id. */
  List<Replica> list();

  /** Calls the watcher until the watch is closed. */
  Watch watch(Consumer<List<Replica>> watcher);

  /** An entry that is kept listed. Thread-safe. */
  interface Registration extends AutoCloseable {

    /**
     * Replaces what is told; returns at once, and of several updates the latest counts.
     *
     * @throws IllegalArgumentException when the id is another one
     */
    void update(Replica replica);

    /**
     * Removes the entry: at once if the store answers in time, else it ends by itself. Closing
     * twice does nothing.
     */
    @Override
    void close();
  }

  /** Ends a watch; after {@link #close} returns the watcher is not called again. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
