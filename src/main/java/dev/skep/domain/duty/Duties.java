package dev.skep.domain.duty;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.sql.SqlStore;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All duties of this replica. {@code boot} calls {@link #start} when it may work and {@link #stop}
 * before the drivers close. Without a coordinator the duties rest, within the lease, and nothing
 * else does.
 */
@Singleton
public class Duties {

  private static final Logger LOG = Logger.getLogger(Duties.class);

  /** Its text is the duty whose holders are to step down. */
  private static final String STEP_DOWN = "duties.step-down";

  private final Map<String, DutyShards> duties = new LinkedHashMap<>();
  private final PubSub hints;
  private PubSub.@Nullable Subscription steppingDown;
  private boolean stopped;

  public Duties(
      @All List<Duty> duties,
      Coordinator coordinator,
      SqlStore sql,
      PubSub hints,
      Fences fences,
      DutiesConfig config) {
    this.hints = hints;
    duties.stream()
        .sorted(Comparator.comparing(Duty::name))
        .forEach(duty -> add(duty, new DutyShards(duty, coordinator, fences, sql, config.lease())));
  }

  /** Begins to take part in all of them; returns at once. */
  public void start() {
    duties.values().forEach(DutyShards::start);
    Thread.ofVirtual().name("duties listen").start(this::listen);
  }

  private void listen() {
    PubSub.Subscription made = hints.subscribe("duties.*", new Asked());
    synchronized (this) {
      if (!stopped) {
        steppingDown = made;
        return;
      }
    }
    made.close();
  }

  private final class Asked implements PubSub.Subscriber {
    @Override
    public void hint(PubSub.Hint hint) {
      String[] words = hint.text().split("/", 2);
      DutyShards asked = duties.get(words[0]);
      if (asked == null) {
        return;
      }
      switch (hint.subject()) {
        case STEP_DOWN -> asked.stepDown();
        case Wakeups.SUBJECT -> asked.wake(words[words.length - 1]);
        default -> LOG.debugf("A newer replica asks for %s", hint.subject());
      }
    }

    @Override
    public void missed() {
      LOG.debug("A request to step down may have been lost; whoever made it sees that");
    }
  }

  /** Lets running slices end and hands all shards back, so that others go on at once. */
  public void stop() {
    PubSub.@Nullable Subscription listening;
    synchronized (this) {
      stopped = true;
      listening = steppingDown;
    }
    if (listening != null) {
      listening.close();
    }
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

  /** All duties, held or not. */
  public List<String> names() {
    return List.copyOf(duties.keySet());
  }

  /** How many shards a duty has. */
  public int shards(String duty) {
    return named(duty).shards();
  }

  /**
   * Asks all holders of a duty's shards to hand them back, for others to take; they take part again
   * after a while. A holder that does not hear of it goes on.
   */
  public void stepDown(String duty) {
    named(duty);
    hints.publish(STEP_DOWN, duty);
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
