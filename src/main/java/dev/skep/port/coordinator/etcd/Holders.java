package dev.skep.port.coordinator.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdConnection.Granted;
import dev.skep.port.etcd.EtcdTxn;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which key of etcd. A key is taken by a transaction that finds it absent, so its
 * creation revision, which etcd never uses twice, is the holder's number.
 *
 * <p>The identity is etcd's cluster id and a random key that the first replica wrote: an etcd that
 * was wiped and started again counts from one under its old cluster id, but without that key; one
 * restored from a backup has the key, but a new cluster id. Each holder's transaction demands the
 * key that its token names. Thread-safe.
 */
final class Holders {

  private static final String IDENTITY = "identity";

  /** How often the identity may change under one call. */
  private static final int ATTEMPTS = 3;

  private final EtcdConnection etcd;
  private final LongSupplier nanoTime;
  private final Set<EtcdLease> leases = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ByteString identity;
  private volatile boolean closed;

  Holders(EtcdConnection etcd, LongSupplier nanoTime) {
    this.etcd = etcd;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes the key if nobody holds it, else returns null.
   *
   * @param name of the lease
   */
  @Nullable EtcdLease tryAcquire(String key, String name, Duration duration) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      ByteString known = identity();
      TxnResponse look =
          etcd.read(
              new EtcdTxn()
                  .thenGetKey(etcd.settings().key(key))
                  .thenGet(etcd.settings().key(IDENTITY))
                  .build());
      if (look.getResponses(0).getResponseRange().getKvsCount() > 0) {
        return null;
      }
      if (isStill(known, look, 1)) {
        EtcdLease lease = take(key, name, duration, known);
        if (lease != null) {
          return lease;
        }
      }
      if (known.equals(identity)) {
        return null; // somebody was faster
      }
    }
    throw unavailable("the store of leases is made anew again and again", null);
  }

  /** Ends all leases and tells so; returns them, since they are still to be given back. */
  List<EtcdLease> close() {
    closed = true;
    List<EtcdLease> last = List.copyOf(leases);
    last.forEach(EtcdLease::lose);
    return last;
  }

  /** Null when another one holds the key by now, or when the identity is another by now. */
  private @Nullable EtcdLease take(String key, String name, Duration duration, ByteString known) {
    ByteString stored = etcd.settings().key(key);
    long sent = nanoTime.getAsLong();
    Granted granted = etcd.grant(duration);
    TxnResponse response;
    try {
      response =
          write(
              new EtcdTxn()
                  .ifAbsent(stored)
                  .ifEquals(etcd.settings().key(IDENTITY), known)
                  .thenPut(stored, holder(), granted.id())
                  .elseGet(etcd.settings().key(IDENTITY)));
    } catch (SkepException e) {
      // The name may be taken under this lease, which nobody will renew.
      Revocation.of(etcd, granted.id(), name);
      throw e;
    }
    if (!response.getSucceeded()) {
      Revocation.of(etcd, granted.id(), name);
      isStill(known, response, 0);
      return null;
    }
    FencingToken token =
        new FencingToken(
            HexFormat.of().toHexDigits(response.getHeader().getClusterId())
                + "-"
                + known.toStringUtf8(),
            response.getHeader().getRevision());
    EtcdLease lease =
        new EtcdLease(etcd, nanoTime, leases::remove, name, token, granted, duration, sent);
    leases.add(lease);
    lease.startRenewal();
    if (closed) {
      lease.close();
      throw unavailable("closed", null);
    }
    return lease;
  }

  /** Forgets the identity when the answer shows another one or none. */
  private boolean isStill(ByteString known, TxnResponse response, int index) {
    boolean same =
        response.getResponses(index).getResponseRange().getKvsList().stream()
            .anyMatch(each -> each.getValue().equals(known));
    if (!same) {
      identity = null;
    }
    return same;
  }

  private ByteString identity() {
    ByteString known = identity;
    if (known == null) {
      known = readOrMakeIdentity();
      identity = known;
    }
    return known;
  }

  private ByteString readOrMakeIdentity() {
    ByteString key = etcd.settings().key(IDENTITY);
    TxnResponse found = etcd.read(new EtcdTxn().thenGet(key).build());
    if (found.getResponses(0).getResponseRange().getKvsCount() > 0) {
      return found.getResponses(0).getResponseRange().getKvs(0).getValue();
    }
    ByteString made = ByteString.copyFromUtf8(UUID.randomUUID().toString());
    TxnResponse response = write(new EtcdTxn().ifAbsent(key).thenPut(key, made).elseGet(key));
    return response.getSucceeded()
        ? made
        : response.getResponses(0).getResponseRange().getKvs(0).getValue();
  }

  /** An unknown outcome needs no care here: what may have been written ends with its lease. */
  private TxnResponse write(EtcdTxn txn) {
    try {
      return etcd.write(txn.build());
    } catch (UnknownOutcomeException e) {
      throw unavailable("etcd does not answer in time", e);
    }
  }

  /** For an operator who looks with etcdctl. */
  private static ByteString holder() {
    String host = System.getenv("HOSTNAME");
    return ByteString.copyFromUtf8(
        "process "
            + ProcessHandle.current().pid()
            + (host == null || host.isEmpty() ? "" : " on " + host));
  }

  private static SkepException unavailable(String what, @Nullable Throwable cause) {
    return new SkepException(ErrorCode.UNAVAILABLE, "coordinator: " + what, cause);
  }
}
