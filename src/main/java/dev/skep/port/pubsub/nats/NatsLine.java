package dev.skep.port.pubsub.nats;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.pubsub.Subject;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the client, which finds a server again by itself; only after a log-in that was
 * refused twice does it end for good.
 */
final class NatsLine implements AutoCloseable {

  /** Told by threads of the client, so it only hands over. */
  interface Owner {

    /** No server is there. */
    void isAway(NatsLine line);

    /** A server is there again; hints were lost. */
    void isBack(NatsLine line);

    /** The client dropped hints that came in. */
    void hasLost(NatsLine line);

    /** The client gave up. */
    void hasEnded(NatsLine line);
  }

  private static final Logger LOG = Logger.getLogger(NatsLine.class);

  /** How long the client's reasons for a failed attempt may be under way. */
  private static final Duration REASONS = Duration.ofMillis(300);

  private static final int MAX_COMPLAINTS = 100;

  private final NatsPubSubConfig config;
  private final Owner owner;

  /** No subject of a hint has a dollar sign. */
  private final String probeSubject;

  private final Map<String, CountDownLatch> probes = new ConcurrentHashMap<>();
  private final BlockingQueue<Object> complaints = new LinkedBlockingQueue<>(MAX_COMPLAINTS);
  private @Nullable Connection connection;
  private @Nullable Dispatcher dispatcher;

  private NatsLine(NatsPubSubConfig config, Owner owner) {
    this.config = config;
    this.owner = owner;
    this.probeSubject = config.prefix() + ".$probe." + UUID.randomUUID();
  }

  /**
   * @throws CannotOpen when a setting is wrong
   * @throws SkepException {@code unavailable} when no server answers
   */
  static NatsLine connect(NatsPubSubConfig config, Owner owner) {
    NatsLine line = new NatsLine(config, owner);
    Events events = line.new Events();
    Options options =
        NatsOptions.of(config).connectionListener(events).errorListener(events).build();
    try {
      line.connect(options);
      return line;
    } catch (IOException e) {
      throw line.refusal(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "Interrupted while connecting to NATS", e);
    } catch (RuntimeException e) {
      line.close();
      throw e;
    }
  }

  private void connect(Options options) throws IOException, InterruptedException {
    Connection made = Nats.connect(options);
    connection = made;
    if (made.getMaxPayload() < Subject.MAX_TEXT_BYTES) {
      throw new CannotOpen(
          NatsOptions.SERVERS,
          "the server takes messages of %d bytes only; set its max_payload to at least %d"
              .formatted(made.getMaxPayload(), Subject.MAX_TEXT_BYTES),
          null);
    }
    dispatcher = made.createDispatcher();
    dispatcher.subscribe(probeSubject, this::probed);
    if (!probe(config.timeout())) {
      throw mayNot()
          ? new CannotOpen(
              NatsOptions.logInKey(config),
              "who logs in with it may not publish and subscribe to '%s.>'; the server must allow it"
                  .formatted(config.prefix()),
              null)
          : unavailable();
    }
  }

  /** Sends a message, if it can: neither fails nor waits. */
  void publish(String subject, byte[] text) {
    try {
      connection().publish(subject, text);
    } catch (IllegalStateException e) {
      LOG.debugf("A hint is lost: %s", e.getMessage());
    }
  }

  /**
   * @return null when the client cannot take it just now
   */
  @Nullable Subscription subscribe(String pattern, MessageHandler handler) {
    try {
      return dispatcher().subscribe(pattern, handler);
    } catch (IllegalStateException e) {
      LOG.debugf("A subscription has to wait: %s", e.getMessage());
      return null;
    }
  }

  void unsubscribe(Subscription subscription) {
    try {
      dispatcher().unsubscribe(subscription);
    } catch (IllegalStateException e) {
      // the connection has ended, and the subscription with it
    }
  }

  /** Of the server that it is, or was last, connected to. */
  String serverVersion() {
    return connection().getServerInfo().getVersion();
  }

  boolean isConnected() {
    return connection().getStatus() == Connection.Status.CONNECTED;
  }

  /**
   * Sends a message to itself; when it arrives, everything that was sent before has been taken by
   * the server.
   *
   * @return whether it arrived in time
   */
  boolean probe(Duration within) {
    if (!isConnected()) {
      return false;
    }
    String id = UUID.randomUUID().toString();
    CountDownLatch arrived = new CountDownLatch(1);
    probes.put(id, arrived);
    try {
      publish(probeSubject, id.getBytes(StandardCharsets.UTF_8));
      return arrived.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      probes.remove(id);
    }
  }

  private void probed(Message message) {
    CountDownLatch waiting = probes.get(new String(message.getData(), StandardCharsets.UTF_8));
    if (waiting != null) {
      waiting.countDown();
    }
  }

  @Override
  public void close() {
    Connection made = connection;
    if (made == null) {
      return;
    }
    try {
      made.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection connection() {
    return open(connection);
  }

  private Dispatcher dispatcher() {
    return open(dispatcher);
  }

  private static <T> T open(@Nullable T made) {
    if (made == null) {
      throw new IllegalStateException("Not connected");
    }
    return made;
  }

  /** What a failed attempt to connect means; the client tells the reasons beside the exception. */
  private RuntimeException refusal(IOException failure) throws CannotOpen {
    if (failure instanceof AuthenticationException) {
      return new CannotOpen(
          NatsOptions.logInKey(config), "the server refuses this log-in", failure);
    }
    Object complaint = nextComplaint(REASONS);
    while (complaint != null) {
      if (complaint instanceof Exception reason) {
        RuntimeException wrong = misconfigured(reason);
        if (wrong != null) {
          return wrong;
        }
      }
      complaint = nextComplaint(Duration.ZERO);
    }
    return new SkepException(ErrorCode.UNAVAILABLE, "No NATS server answers", failure);
  }

  private static @Nullable RuntimeException misconfigured(Exception reason) {
    for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof CertificateException) {
        return new CannotOpen(
            NatsOptions.CA,
            "the server's certificate is not from an authority in it, or for another host ("
                + message
                + ")",
            reason);
      }
      if (message.startsWith("SSL connection wanted by client")) {
        return new CannotOpen(
            NatsOptions.SERVERS, "asks for TLS, which the server does not speak", reason);
      }
      if (message.startsWith("SSL required by server")) {
        return new CannotOpen(
            NatsOptions.SERVERS, "the server wants TLS: write tls:// instead of nats://", reason);
      }
    }
    return null;
  }

  private boolean mayNot() {
    Object complaint = nextComplaint(REASONS);
    while (complaint != null) {
      if (complaint instanceof String text
          && text.toLowerCase(Locale.ROOT).contains("permissions violation")) {
        return true;
      }
      complaint = nextComplaint(Duration.ZERO);
    }
    return false;
  }

  private @Nullable Object nextComplaint(Duration within) {
    try {
      return complaints.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  static SkepException unavailable() {
    return new SkepException(ErrorCode.UNAVAILABLE, "NATS does not answer");
  }

  /** What the client tells, on its own threads. */
  private final class Events implements ConnectionListener, ErrorListener {

    @Override
    @SuppressWarnings("deprecation") // its successor has this one as a default
    public void connectionEvent(Connection client, ConnectionListener.Events event) {
      switch (event) {
        case RESUBSCRIBED -> owner.isBack(NatsLine.this);
        case CLOSED -> owner.hasEnded(NatsLine.this);
        case DISCONNECTED -> owner.isAway(NatsLine.this);
        default -> LOG.debugf("%s", event);
      }
    }

    @Override
    public void slowConsumerDetected(Connection client, Consumer consumer) {
      owner.hasLost(NatsLine.this);
    }

    @Override
    public void errorOccurred(Connection client, String error) {
      note(error);
      LOG.debugf("NATS: %s", error);
    }

    @Override
    public void exceptionOccurred(Connection client, Exception e) {
      note(e);
      LOG.debugf(e, "NATS");
    }

    private void note(Object complaint) {
      if (!complaints.offer(complaint)) {
        complaints.poll();
      }
    }
  }
}
