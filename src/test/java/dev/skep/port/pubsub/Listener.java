package dev.skep.port.pubsub;

import static dev.skep.testkit.Eventually.eventually;

import dev.skep.port.pubsub.PubSub.Hint;
import dev.skep.port.pubsub.PubSub.Subscriber;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Keeps what it was called with, in order; can be made slow. */
public class Listener implements Subscriber {

  /** Stands in {@link #calls} for a call of {@link #missed}. */
  public static final Hint MISSED = new Hint("", "missed");

  private final Duration patience;
  private final List<Hint> calls = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /**
   * @param patience how long what is awaited may take
   */
  public Listener(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void hint(Hint hint) {
    calls.add(hint);
    await(gate);
  }

  @Override
  public void missed() {
    calls.add(MISSED);
  }

  /** From the next hint on it does not return, until {@link #letGo}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void letGo() {
    gate.countDown();
  }

  public List<Hint> calls() {
    return calls;
  }

  /** The texts of the hints, losses left out. */
  public List<String> texts() {
    return calls.stream().filter(call -> call != MISSED).map(Hint::text).toList();
  }

  public long losses() {
    return calls.stream().filter(call -> call == MISSED).count();
  }

  public void awaitText(String text) {
    eventually("the hint '" + text + "' after " + tail(), patience, () -> texts().contains(text));
  }

  public void awaitLoss(long more) {
    eventually("a loss is told", patience, () -> losses() >= more);
  }

  private List<String> tail() {
    List<String> texts = texts();
    return texts.subList(Math.max(0, texts.size() - 5), texts.size());
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
