package dev.skep.port.pubsub.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.pubsub.Inbox;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.Subject;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Hints of a single process: each goes straight to the inboxes of those who asked for it. */
@Singleton
@Identifier("embedded")
public final class EmbeddedPubSub implements PubSub, Driver {

  private static final Logger LOG = Logger.getLogger(EmbeddedPubSub.class);
  private static final int LEAST_PENDING = 10;

  private final EmbeddedPubSubConfig config;
  private final Set<Interest> interests = ConcurrentHashMap.newKeySet();
  private volatile boolean open;

  @Inject
  public EmbeddedPubSub(EmbeddedPubSubConfig config) {
    this.config = config;
  }

  private record Interest(String pattern, Inbox inbox) {}

  @Override
  public void open() {
    if (config.maxPending() < LEAST_PENDING) {
      throw new CannotOpen(
          "skep.pubsub.embedded.max-pending",
          "must be at least " + LEAST_PENDING + ", not " + config.maxPending(),
          null);
    }
    open = true;
    interests.forEach(interest -> interest.inbox().missed());
  }

  @Override
  public void publish(String subject, String text) {
    Hint hint = new Hint(Subject.checked(subject), Subject.checkedText(text));
    if (!open) {
      return;
    }
    for (Interest interest : interests) {
      if (Subject.matches(interest.pattern(), subject)) {
        interest.inbox().offer(hint);
      }
    }
  }

  @Override
  public Subscription subscribe(String pattern, Subscriber subscriber) {
    Interest interest =
        new Interest(
            Subject.checkedPattern(pattern),
            new Inbox(
                "hints-" + pattern,
                config.maxPending(),
                subscriber,
                e -> LOG.errorf(e, "A subscriber of the hints '%s' failed", pattern)));
    interests.add(interest);
    return () -> {
      interests.remove(interest);
      interest.inbox().close();
    };
  }

  @Override
  public String target() {
    return "memory";
  }

  @Override
  public void check() {
    if (!open) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The hints are not open");
    }
  }

  @Override
  public void close() {
    open = false;
  }
}
