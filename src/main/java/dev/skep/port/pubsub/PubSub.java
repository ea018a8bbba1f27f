package dev.skep.port.pubsub;

/**
 * Hints to every replica, the publisher's own included: "look again". A hint may get lost, so
 * nobody relies on one: losing it costs time, never correctness. Whoever reacts to hints also looks
 * by himself from time to time.
 *
 * <h2>Subjects and texts</h2>
 *
 * A subject is one to sixteen words of {@code [a-z0-9_-]}, joined by dots, of at most 200
 * characters together. In a pattern {@code *} stands for exactly one word and {@code >}, as the
 * last, for one or more. The text of a hint is at most 8 KiB of UTF-8. Anything else is refused
 * with an {@link IllegalArgumentException}.
 *
 * <h2>Delivery</h2>
 *
 * A hint reaches each subscription that matches at most once. Once {@link #subscribe} has returned,
 * what any replica publishes from then on is delivered, or lost. A subscriber gets the hints that
 * one replica publishes on one subject, one call after another, in that order. It is called on a
 * virtual thread, once at a time per subscription; what it throws is logged and ends nothing.
 *
 * <h2>Losses</h2>
 *
 * What waits for a subscriber is bounded: if it is too slow, all that waits is dropped and {@link
 * Subscriber#missed} is called in its place; neither the publisher nor another subscriber is
 * delayed. It is also called once the server is there again after an outage, and for a subscription
 * that was made while the server was not there, or before the driver was opened. A hint that is
 * lost on the publisher's side, because it ends or is cut off, is lost without a word.
 *
 * <h2>Failures</h2>
 *
 * {@link #publish} neither fails nor waits, whatever happens to the server: at most 250 ms. {@link
 * #subscribe} waits for the server a few seconds at most and does not fail either. Thread-safe.
 */
public interface PubSub {

  /** Sends a hint to all subscriptions that match its subject. */
  void publish(String subject, String text);

  /** Calls the subscriber for each hint whose subject matches, until the subscription is closed. */
  Subscription subscribe(String pattern, Subscriber subscriber);

  /** What was published. */
  record Hint(String subject, String text) {}

  /** Who looks again when told. */
  interface Subscriber {

    void hint(Hint hint);

    /** Hints may have been lost: look at everything that they could have told of. */
    void missed();
  }

  /**
   * Ends a subscription. After {@link #close} returns the subscriber is not called again; it waits
   * for a call that runs now, unless it is made from there.
   */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
