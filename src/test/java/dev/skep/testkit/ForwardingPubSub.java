package dev.skep.testkit;

import dev.skep.port.pubsub.PubSub;

/** Hands every call on; a test overrides what it wants to break. */
public class ForwardingPubSub implements PubSub {

  protected final PubSub hints;

  public ForwardingPubSub(PubSub hints) {
    this.hints = hints;
  }

  @Override
  public void publish(String subject, String text) {
    hints.publish(subject, text);
  }

  @Override
  public Subscription subscribe(String pattern, Subscriber subscriber) {
    return hints.subscribe(pattern, subscriber);
  }
}
