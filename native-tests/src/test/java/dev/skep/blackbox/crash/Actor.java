package dev.skep.blackbox.crash;

import dev.skep.blackbox.Client;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Somebody who does one kind of thing with the drive until it is killed under him, and who knows
 * afterwards what he was told. A kill falls inside it when its request was sent before the kill and
 * has no answer.
 */
abstract class Actor {

  private static final long NONE = 0;

  private final String name;
  private final long[] sent;
  private int kills;
  private int happened;
  private int not;

  Actor(String name, int threads) {
    this.name = name;
    this.sent = new long[threads];
  }

  final int threads() {
    return sent.length;
  }

  final int kills() {
    return kills;
  }

  /** Before the first kill. */
  abstract void prepare(Client client) throws Exception;

  /** Makes requests, on its own thread, until the connection breaks. */
  abstract void act(Client client, int thread, Round round);

  /** On the next life: demands all that was answered, and learns what became of the rest. */
  abstract void verify(Client client);

  /** Runs {@link #act}; its end is no failure once the drive was killed. */
  final void run(Client client, int thread, Round round) {
    try {
      act(client, thread, round);
    } catch (UncheckedIOException e) {
      if (!round.isKilled()) {
        throw e;
      }
    }
  }

  /** A request of the kind that counts. */
  final <T> T send(int thread, Supplier<T> request) {
    sent[thread] = System.nanoTime();
    T answer = request.get();
    sent[thread] = NONE;
    return answer;
  }

  /** Counts the kill, once all threads have ended. */
  final void count(Round round) {
    if (isInside(round)) {
      kills++;
    }
    Arrays.fill(sent, NONE);
  }

  boolean isInside(Round round) {
    return Arrays.stream(sent).anyMatch(at -> at != NONE && round.isBefore(at));
  }

  /** Of a request that was cut off. */
  final void learnt(boolean hasHappened) {
    if (hasHappened) {
      happened++;
    } else {
      not++;
    }
  }

  @Override
  public String toString() {
    return "%s: %d kills inside; of the requests cut off %d had happened, %d had not"
        .formatted(name, kills, happened, not);
  }
}
