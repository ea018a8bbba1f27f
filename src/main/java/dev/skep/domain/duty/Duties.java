package dev.skep.domain.duty;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.sql.SqlStore;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All duties of this replica. {@code boot} calls {@link #start} when it may work and {@link #stop}
 * before the drivers close. Without a coordinator the duties rest, within the lease, and nothing
 * else does.
 */
@Singleton
public class Duties {

  private final Map<String, DutyShards> duties = new LinkedHashMap<>();

  public Duties(
      @All List<Duty> duties,
      Coordinator coordinator,
      SqlStore sql,
      Fences fences,
      DutiesConfig config) {
    duties.stream()
        .sorted(Comparator.comparing(Duty::name))
        .forEach(duty -> add(duty, new DutyShards(duty, coordinator, fences, sql, config.lease())));
  }

  /** Begins to take part in all of them; returns at once. */
  public void start() {
    duties.values().forEach(DutyShards::start);
  }

  /** Lets running slices end and hands all shards back, so that others go on at once. */
  public void stop() {
    List<Thread> threads =
        duties.values().stream().map(each -> Thread.ofVirtual().start(each::stop)).toList();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The shards of a duty that this replica holds. */
  public Set<Integer> held(String duty) {
    return named(duty).held();
  }

  /**
   * Runs a duty at once, for tests and operators: waits until this replica holds all its shards (or
   * the time is half over), asks each for a run, and waits for these.
   *
   * @return how many shards ran to their end in time and were held until then
   * @throws java.util.concurrent.CompletionException when a run threw
   */
  public int runNow(String duty, Duration atMost) {
    return named(duty).runNow(atMost);
  }

  private void add(Duty duty, DutyShards shards) {
    if (duties.put(duty.name(), shards) != null) {
      throw new IllegalStateException("Two duties are named " + duty.name());
    }
  }

  private DutyShards named(String duty) {
    DutyShards found = duties.get(duty);
    if (found == null) {
      throw new IllegalArgumentException(
          "No duty is named " + duty + ". There are: " + duties.keySet());
    }
    return found;
  }
}
