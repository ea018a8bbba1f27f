package dev.skep.port.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.SkepException;
import dev.skep.port.OldestVersion;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A port's connection to etcd, by jetcd's generated stubs. jetcd's own client is not used, since it
 * repeats calls whose outcome is unknown, waits up to two minutes before it connects again, and
 * cannot tell a silent line from a quiet one.
 *
 * <p>Each call ends within the time-out. A read is tried again at another member; a write only
 * where it surely never reached one. Thread-safe; calls block, so they are for virtual threads.
 *
 * <p>Failures are {@link SkepException}s: {@code unavailable}, {@code no-space}, and {@link
 * dev.skep.common.UnknownOutcomeException} for a write whose answer was lost.
 */
public final class EtcdConnection implements AutoCloseable {

  private static final OldestVersion OLDEST = new OldestVersion(3, 4);

  /** How long a call tries to reach any member when all refuse connections. */
  private static final Duration CONNECTING = Duration.ofMillis(1_500);

  /** How many entries are read at once: at 64 KiB each some 4 MiB. */
  private static final int PAGE = 64;

  /** A listing begins anew when etcd forgets its revision meanwhile. */
  private static final int LISTINGS = 3;

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> HAS_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final EtcdSettings settings;
  private final Endpoints endpoints;
  private final LogIn logIn;
  private volatile String version = "etcd";
  private volatile boolean closed;

  private EtcdConnection(EtcdSettings settings) {
    this.settings = settings;
    this.endpoints = new Endpoints(settings);
    this.logIn = new LogIn(settings);
  }

  /**
   * Connects, logs in, reads below the prefix.
   *
   * @throws dev.skep.port.CannotOpen when etcd refuses, or is too old
   * @throws SkepException {@code unavailable} when no member answers
   */
  public static EtcdConnection open(EtcdSettings settings) {
    EtcdConnection connection = new EtcdConnection(settings);
    try {
      connection.checkAtOpen();
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Product and version of the member that answered first: {@code etcd 3.4.23}. */
  public String version() {
    return version;
  }

  public EtcdSettings settings() {
    return settings;
  }

  /** One linearizable read. */
  public void check() {
    range(RangeRequest.newBuilder().setKey(settings.key("check")).setKeysOnly(true).build());
  }

  public RangeResponse range(RangeRequest request) {
    return retried(KVGrpc.getRangeMethod(), request, settings.timeOut(), false);
  }

  /** A transaction that only reads. */
  public TxnResponse read(TxnRequest request) {
    return retried(KVGrpc.getTxnMethod(), request, settings.timeOut(), false);
  }

  /**
   * A transaction that writes.
   *
   * @throws dev.skep.common.UnknownOutcomeException when it may have happened
   */
  public TxnResponse write(TxnRequest request) {
    return retried(KVGrpc.getTxnMethod(), request, settings.timeOut(), true);
  }

  /**
   * Writes one key, whatever is there: faster than a transaction that does the same.
   *
   * @throws dev.skep.common.UnknownOutcomeException when it may have happened
   */
  public void put(PutRequest request) {
    retried(KVGrpc.getPutMethod(), request, settings.timeOut(), true);
  }

  /** All keys that begin with the prefix, and the revision at which they were so. */
  public record Listing(List<KeyValue> entries, long revision) {}

  /** Everything under a prefix of this port, at one revision. */
  public Listing list(String prefix) {
    for (int attempt = 1; ; attempt++) {
      Optional<Listing> listing = listAtOneRevision(settings.key(prefix));
      if (listing.isPresent()) {
        return listing.get();
      }
      if (attempt == LISTINGS) {
        throw Failures.unavailable(
            settings.port(), "etcd forgets revisions faster than they can be read", null);
      }
    }
  }

  /** Empty when the revision of the first page is gone before the last. */
  private Optional<Listing> listAtOneRevision(ByteString prefix) {
    List<KeyValue> entries = new ArrayList<>();
    ByteString end = endOf(prefix);
    ByteString from = prefix;
    long revision = 0;
    while (true) {
      RangeRequest page =
          RangeRequest.newBuilder()
              .setKey(from)
              .setRangeEnd(end)
              .setLimit(PAGE)
              .setRevision(revision)
              .build();
      RangeResponse response;
      try {
        response = range(page);
      } catch (SkepException e) {
        if (e.getCause() instanceof StatusRuntimeException status && Failures.isCompacted(status)) {
          return Optional.empty();
        }
        throw e;
      }
      revision = revision == 0 ? response.getHeader().getRevision() : revision;
      entries.addAll(response.getKvsList());
      if (!response.getMore()) {
        return Optional.of(new Listing(entries, revision));
      }
      from = entries.getLast().getKey().concat(ByteString.copyFrom(new byte[1]));
    }
  }

  /** A lease that etcd granted; etcd may grant longer ones than asked for. */
  public record Granted(long id, Duration duration) {}

  /**
   * @param duration rounded up to whole seconds
   */
  public Granted grant(Duration duration) {
    LeaseGrantRequest request =
        LeaseGrantRequest.newBuilder().setTTL(duration.plusNanos(999_999_999).toSeconds()).build();
    // A second lease, should the answer to the first be lost, ends unused.
    LeaseGrantResponse response =
        retried(LeaseGrpc.getLeaseGrantMethod(), request, settings.timeOut(), false);
    return new Granted(response.getID(), Duration.ofSeconds(response.getTTL()));
  }

  /**
   * Renews a lease once.
   *
   * @return how long it lasts from the moment of the call; zero when it is gone
   */
  public Duration keepAlive(long lease, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try (EtcdStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream =
        stream(LeaseGrpc.getLeaseKeepAliveMethod(), atMost)) {
      stream.send(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
      LeaseKeepAliveResponse response =
          stream.next(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      if (response == null) {
        stream.leaveSilent();
        throw Failures.unavailable(settings.port(), "etcd does not answer in time", null);
      }
      return Duration.ofSeconds(Math.max(0, response.getTTL()));
    }
  }

  /** Ends a lease, and with it all its keys; one that is gone is well. */
  public void revoke(long lease) {
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    try {
      retried(LeaseGrpc.getLeaseRevokeMethod(), request, settings.timeOut(), false);
    } catch (SkepException e) {
      if (!(e.getCause() instanceof StatusRuntimeException status)
          || !Failures.isUnknownLease(status)) {
        throw e;
      }
    }
  }

  /**
   * Calls the watcher with all that is under a prefix of this port, now and after each change.
   *
   * @param watcher never called by two threads at once; what it throws is logged
   */
  public EtcdFollower follow(String prefix, Consumer<EtcdFollower.State> watcher) {
    EtcdFollower follower = new EtcdFollower(this, prefix, watcher);
    follower.start();
    return follower;
  }

  /** The events under a prefix from a revision on. */
  EtcdStream<WatchRequest, WatchResponse> watch(ByteString prefix, long fromRevision) {
    EtcdStream<WatchRequest, WatchResponse> stream = stream(WatchGrpc.getWatchMethod(), null);
    WatchCreateRequest create =
        WatchCreateRequest.newBuilder()
            .setKey(prefix)
            .setRangeEnd(endOf(prefix))
            .setStartRevision(fromRevision)
            .build();
    stream.send(WatchRequest.newBuilder().setCreateRequest(create).build());
    return stream;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    endpoints.close();
  }

  /** The first key after all that begin with the prefix. */
  static ByteString endOf(ByteString prefix) {
    // The last byte of a prefix is never 0xff: prefixes are UTF-8.
    int last = prefix.size() - 1;
    byte[] next = {(byte) (prefix.byteAt(last) + 1)};
    return prefix.substring(0, last).concat(ByteString.copyFrom(next));
  }

  /** A stream to the current member, which ends with an error when that loses its leader. */
  private <Q, R> EtcdStream<Q, R> stream(MethodDescriptor<Q, R> method, @Nullable Duration atMost) {
    requireOpen();
    ManagedChannel channel = endpoints.current();
    Metadata headers = new Metadata();
    headers.put(HAS_LEADER, "true");
    try {
      putToken(headers, channel, settings.timeOut());
    } catch (StatusRuntimeException e) {
      endpoints.leave(channel);
      throw Failures.translate(settings.port(), e, false);
    }
    CallOptions options =
        atMost == null
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS);
    return new EtcdStream<>(
        with(headers, channel).newCall(method, options),
        new EtcdStream.Line() {
          @Override
          public SkepException failed(StatusRuntimeException e) {
            if (Failures.needsLogIn(e)) {
              refused();
            } else if (Failures.isSilence(e)) {
              endpoints.leaveSilent(channel);
            } else {
              endpoints.leave(channel);
            }
            return Failures.translate(settings.port(), e, false);
          }

          @Override
          public void refused() {
            logIn.forget(headers.get(TOKEN));
          }

          @Override
          public void silent() {
            endpoints.leaveSilent(channel);
          }
        });
  }

  /** Tries until it is done, refused, unknown, or the time is over. */
  private <Q, R> R retried(
      MethodDescriptor<Q, R> method, Q request, Duration atMost, boolean write) {
    long began = System.nanoTime();
    boolean loggedInAnew = false;
    while (true) {
      requireOpen();
      Duration left = atMost.minusNanos(System.nanoTime() - began);
      ManagedChannel channel = endpoints.current();
      Sent sent = new Sent();
      Metadata headers = new Metadata();
      try {
        return call(channel, method, request, share(left, write), headers, sent);
      } catch (StatusRuntimeException e) {
        boolean again;
        if (Failures.needsLogIn(e)) {
          logIn.forget(headers.get(TOKEN));
          again = !loggedInAnew && settings.user().isPresent();
          loggedInAnew = true;
        } else {
          leave(channel, e);
          boolean harmless = !write || !sent.isSent();
          again = Failures.isOfTheLine(e) && harmless && timeIsLeft(began, atMost, sent.isSent());
        }
        if (!again || !paused()) {
          throw Failures.translate(settings.port(), e, write && sent.isSent());
        }
      }
    }
  }

  /** A read leaves time for one more member; a write has but one try once it was sent. */
  private Duration share(Duration left, boolean write) {
    Duration share = write || endpoints.count() == 1 ? left : settings.timeOut().dividedBy(2);
    Duration shorter = share.compareTo(left) < 0 ? share : left;
    return shorter.isPositive() ? shorter : Duration.ofMillis(1);
  }

  private void leave(ManagedChannel channel, StatusRuntimeException e) {
    if (Failures.isSilence(e)) {
      endpoints.leaveSilent(channel);
    } else if (Failures.isOfTheLine(e)) {
      endpoints.leave(channel);
    }
  }

  private static boolean timeIsLeft(long began, Duration atMost, boolean sent) {
    Duration patience = sent || atMost.compareTo(CONNECTING) < 0 ? atMost : CONNECTING;
    return patience.compareTo(Duration.ofNanos(System.nanoTime() - began)) > 0;
  }

  private static boolean paused() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(20, 80));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <Q, R> R call(
      ManagedChannel channel,
      MethodDescriptor<Q, R> method,
      Q request,
      Duration atMost,
      Metadata headers,
      Sent sent) {
    long began = System.nanoTime();
    putToken(headers, channel, atMost);
    Duration left = atMost.minusNanos(System.nanoTime() - began);
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(left.toNanos(), TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(sent);
    return ClientCalls.blockingUnaryCall(with(headers, channel), method, options, request);
  }

  private void putToken(Metadata headers, Channel channel, Duration atMost) {
    String token = logIn.token(channel, atMost);
    if (token != null) {
      headers.put(TOKEN, token);
    }
  }

  private static Channel with(Metadata headers, Channel channel) {
    if (headers.keys().isEmpty()) {
      return channel;
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private void requireOpen() {
    if (closed) {
      throw Failures.unavailable(settings.port(), "the connection to etcd is closed", null);
    }
  }

  private void checkAtOpen() {
    try {
      check();
      String number =
          retried(
                  MaintenanceGrpc.getStatusMethod(),
                  StatusRequest.getDefaultInstance(),
                  settings.timeOut(),
                  false)
              .getVersion();
      if (!OLDEST.admits(number)) {
        throw settings.refuse(
            "endpoints", "etcd is of version " + number + "; " + OLDEST + " is the oldest");
      }
      version = "etcd " + number;
    } catch (SkepException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        refuseWhatNeverSucceeds(status);
      }
      throw e;
    }
  }

  private void refuseWhatNeverSucceeds(StatusRuntimeException e) {
    if (Failures.isWrongLogIn(e)) {
      throw settings.refuse("password", "etcd refuses the user or the password", e);
    }
    if (Failures.needsLogIn(e) && settings.user().isEmpty()) {
      throw settings.refuse("user", "etcd wants a log-in. Set user and password", e);
    }
    if (Failures.isDenied(e)) {
      throw settings.refuse(
          "prefix",
          "the user may not read "
              + settings.prefix()
              + " in etcd. Grant a role of his readwrite on the prefix",
          e);
    }
    SSLException tls = Failures.tlsFailure(e);
    if (tls != null && isRefusalOfClient(tls)) {
      throw settings.refuse(
          "client-certificate", "etcd refuses the certificate of this client, or its absence", e);
    }
    if (tls != null) {
      throw settings.refuse("ca-certificate", tlsReason(tls), e);
    }
    if (Failures.isOfTheLine(e)) {
      // A server with TLS closes the line on a client without, and the other way round.
      throw Failures.unavailable(
          settings.port(),
          "etcd does not answer yet. Check skep."
              + settings.port()
              + ".etcd.endpoints, also whether http:// or https:// is right",
          e);
    }
  }

  /** The alert comes from the server, which has seen nothing else of the client yet. */
  private static boolean isRefusalOfClient(SSLException e) {
    String message = e.getMessage();
    return message != null && message.contains("fatal alert");
  }

  private static String tlsReason(SSLException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return "TLS with etcd fails: "
        + root.getMessage()
        + ". Name the authority that signed etcd's certificate, and an address that stands in it";
  }
}
