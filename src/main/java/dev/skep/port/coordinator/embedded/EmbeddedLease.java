package dev.skep.port.coordinator.embedded;

import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lease of {@link LeaseTable}, renewed by a virtual thread of its own. All changes happen under
 * the table's lock; {@link #held} reads without it, since a holder asks before every write.
 */
final class EmbeddedLease implements Lease {

  private enum State {
    HELD,
    RELEASED,
    LOST
  }

  private final LeaseTable table;
  private final String name;
  private final FencingToken token;
  private final Duration duration;
  private final List<Runnable> lossActions = new ArrayList<>();
  private volatile State state = State.HELD;
  private volatile long deadline;
  private boolean renewing = true;
  private @Nullable Thread renewal;

  EmbeddedLease(LeaseTable table, String name, FencingToken token, Duration duration) {
    this.table = table;
    this.name = name;
    this.token = token;
    this.duration = duration;
    this.deadline = table.nanoTime() + duration.toNanos();
  }

  /** Called once, by the table. */
  void startRenewal() {
    renewal = Thread.ofVirtual().name("lease " + name).start(this::renewUntilEnded);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public boolean held() {
    return state == State.HELD && table.nanoTime() - deadline < 0;
  }

  @Override
  public void onLoss(Runnable action) {
    table.run(
        () -> {
          loseIfExpired();
          switch (state) {
            case HELD -> lossActions.add(action);
            case LOST -> start(action);
            case RELEASED -> {}
          }
        });
  }

  @Override
  public void close() {
    table.run(
        () -> {
          loseIfExpired();
          if (state == State.HELD) {
            end(State.RELEASED);
          }
        });
  }

  /** The holder must give it up: it ends by itself after its duration, if not closed before. */
  void stopRenewing() {
    table.run(() -> renewing = false);
  }

  /** Ends it before its time, for instance because the coordinator closes. */
  void lose() {
    table.run(
        () -> {
          if (state == State.HELD) {
            end(State.LOST);
          }
        });
  }

  private void loseIfExpired() {
    if (state == State.HELD && !held()) {
      end(State.LOST);
    }
  }

  private void end(State last) {
    state = last;
    table.freed(this);
    if (last == State.LOST) {
      lossActions.forEach(this::start);
    }
    lossActions.clear();
    if (renewal != null) {
      renewal.interrupt();
    }
  }

  private void start(Runnable action) {
    Thread.ofVirtual().name("loss of lease " + name).start(action);
  }

  private void renewUntilEnded() {
    Duration pause = duration.dividedBy(3);
    while (state == State.HELD) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return; // only end() interrupts
      }
      table.run(this::renew);
    }
  }

  /** A holder that was paused past its end has lost: what expired is never renewed. */
  private void renew() {
    loseIfExpired();
    if (state == State.HELD && renewing) {
      deadline = table.nanoTime() + duration.toNanos();
    }
  }
}
