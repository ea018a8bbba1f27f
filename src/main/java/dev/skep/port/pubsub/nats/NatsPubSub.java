package dev.skep.port.pubsub.nats;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.Redacted;
import dev.skep.port.Versioned;
import dev.skep.port.pubsub.Inbox;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.Subject;
import io.nats.client.Message;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hints as messages of core NATS, one connection for all. The client finds a server again by
 * itself, and where it gives up a new one is made; each time all subscribers are told that they
 * missed something.
 */
@Singleton
@Identifier("nats")
public final class NatsPubSub implements PubSub, Driver, Versioned, NatsLine.Owner {

  private static final Logger LOG = Logger.getLogger(NatsPubSub.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** How long hints that were just published may take to leave when the driver closes. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final Duration CLOSING = Duration.ofMillis(100);

  private final NatsPubSubConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Interest> interests = new HashSet<>();
  private volatile @Nullable NatsLine line;
  private volatile boolean closed;
  private @Nullable Thread reopening;
  private boolean confirming;
  private long confirmations;
  private boolean away;

  @Inject
  public NatsPubSub(NatsPubSubConfig config) {
    this.config = config;
  }

  /** A subscription here, and as the client has it; the latter is guarded by the lock. */
  private static final class Interest {
    private final String pattern;
    private final Inbox inbox;
    private io.nats.client.@Nullable Subscription atServer;

    Interest(String pattern, Inbox inbox) {
      this.pattern = pattern;
      this.inbox = inbox;
    }
  }

  @Override
  public void open() {
    connect();
  }

  @Override
  public void publish(String subject, String text) {
    Subject.checked(subject);
    byte[] bytes = Subject.checkedText(text).getBytes(StandardCharsets.UTF_8);
    NatsLine now = line;
    if (now != null) {
      now.publish(atServer(subject), bytes);
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
    NatsLine now = register(interest);
    if (now != null && !now.probe(config.timeout())) {
      confirmLater();
    }
    return () -> end(interest);
  }

  @Override
  public String target() {
    return Redacted.address(config.servers()) + " as " + config.prefix() + ".>";
  }

  @Override
  public void check() {
    NatsLine now = line;
    if (now == null || !now.probe(config.timeout())) {
      throw NatsLine.unavailable();
    }
  }

  @Override
  public String serverVersion() {
    NatsLine now = line;
    if (now == null) {
      throw NatsLine.unavailable();
    }
    return "NATS " + now.serverVersion();
  }

  @Override
  public void close() {
    closed = true;
    NatsLine last;
    lock.lock();
    try {
      last = line;
      line = null;
      if (reopening != null) {
        reopening.interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (last != null) {
      end(last);
    }
  }

  /** The client waits a second for its reader of a TLS connection, for which nobody has to wait. */
  private static void end(NatsLine last) {
    var sent = last.probe(LAST_WORDS);
    LOG.debugf("The last hints have left: %s", sent);
    try {
      var ended = Thread.ofVirtual().name("nats-close").start(last::close).join(CLOSING);
      LOG.debugf("The connection has ended: %s", ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void isAway(NatsLine which) {
    note(which, true);
  }

  @Override
  public void isBack(NatsLine which) {
    note(which, false);
    confirmLater();
  }

  @Override
  public void hasLost(NatsLine which) {
    Thread.ofVirtual().name("nats-lost").start(this::tellAll);
  }

  @Override
  public void hasEnded(NatsLine which) {
    lock.lock();
    try {
      if (line == which) {
        LOG.warn("NATS has refused the log-in; trying again");
        line = null;
        reopening = Thread.ofVirtual().name("nats-reopen").start(this::reopen);
      }
    } finally {
      lock.unlock();
    }
  }

  private void note(NatsLine which, boolean isAway) {
    lock.lock();
    try {
      if (line == which && away != isAway) {
        away = isAway;
        LOG.warn(isAway ? "NATS is gone; hints are lost until it is back" : "NATS is back");
      }
    } finally {
      lock.unlock();
    }
  }

  private void connect() {
    NatsLine made = NatsLine.connect(config, this);
    lock.lock();
    try {
      if (closed) {
        Thread.ofVirtual().start(made::close);
        return;
      }
      line = made;
      away = false;
      interests.forEach(interest -> attach(made, interest));
      if (!interests.isEmpty()) {
        confirmLater();
      }
    } finally {
      lock.unlock();
    }
  }

  private void reopen() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis())));
        connect();
        return;
      } catch (InterruptedException e) {
        return;
      } catch (CannotOpen | SkepException e) {
        LOG.debugf("NATS is not there yet: %s", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("NATS could not be connected to; it is tried again", e);
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private @Nullable NatsLine register(Interest interest) {
    lock.lock();
    try {
      interests.add(interest);
      NatsLine now = line;
      if (now != null) {
        attach(now, interest);
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  private void end(Interest interest) {
    lock.lock();
    try {
      NatsLine now = line;
      if (interests.remove(interest) && now != null && interest.atServer != null) {
        now.unsubscribe(interest.atServer);
      }
    } finally {
      lock.unlock();
    }
    interest.inbox.close();
  }

  private void attach(NatsLine now, Interest interest) {
    interest.atServer =
        now.subscribe(atServer(interest.pattern), message -> received(interest, message));
    if (interest.atServer == null) {
      // The client is stuck or has ended: a new connection begins with all subscriptions.
      Thread.ofVirtual().name("nats-close").start(now::close);
    }
  }

  private void received(Interest interest, Message message) {
    String subject = message.getSubject().substring(config.prefix().length() + 1);
    byte[] text = message.getData();
    if (Subject.isOne(subject) && text.length <= Subject.MAX_TEXT_BYTES) {
      interest.inbox.offer(new Hint(subject, new String(text, StandardCharsets.UTF_8)));
    }
  }

  /**
   * Tells all subscribers to look again as soon as their subscriptions are in force: hints that
   * come after that are delivered. Ends without when the connection is lost, whose return begins
   * another.
   */
  private void confirmLater() {
    lock.lock();
    try {
      confirmations++;
      if (!confirming) {
        confirming = true;
        Thread.ofVirtual().name("nats-confirm").start(this::confirm);
      }
    } finally {
      lock.unlock();
    }
  }

  private void confirm() {
    long confirmed = 0;
    while (true) {
      long wanted;
      NatsLine now;
      lock.lock();
      try {
        now = line;
        wanted = confirmations;
        if (confirmed == wanted || now == null || !now.isConnected()) {
          confirming = false;
          return;
        }
      } finally {
        lock.unlock();
      }
      if (now.probe(config.timeout())) {
        confirmed = wanted;
        tellAll();
      }
    }
  }

  private void tellAll() {
    lock.lock();
    try {
      interests.forEach(interest -> interest.inbox.missed());
    } finally {
      lock.unlock();
    }
  }

  private String atServer(String subject) {
    return config.prefix() + "." + subject;
  }
}
