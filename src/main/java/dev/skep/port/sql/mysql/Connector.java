package dev.skep.port.sql.mysql;

import dev.skep.port.sql.mysql.SqlFailure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.spi.MySQLDriver;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions to the endpoint that worked last, or to the next one that can be written to. All
 * sessions of a replica are of one endpoint: once that is left, those made before are used no more.
 * Thread-safe.
 */
final class Connector {

  private static final Logger LOG = Logger.getLogger(Connector.class);
  private static final int KILLS_AT_ONCE = 2;
  private static final long BEGUN_MILLIS = 1_000;

  private final Vertx vertx;
  private final Access access;
  private final List<Endpoint> endpoints;
  private final Limits limits;
  private final Semaphore kills = new Semaphore(KILLS_AT_ONCE);

  private final AtomicReference<Place> place = new AtomicReference<>(new Place(0, 0, 0));

  /**
   * Where sessions are made.
   *
   * @param at the endpoint that is tried first
   * @param changes how often a server was left; only sessions of the last one are used
   * @param served the endpoint that a session was made to last
   */
  record Place(int at, long changes, int served) {}

  Connector(Vertx vertx, Access access, List<Endpoint> endpoints, Limits limits) {
    this.vertx = vertx;
    this.access = access;
    this.endpoints = List.copyOf(endpoints);
    this.limits = limits;
  }

  /** A session that is set up for transactions. */
  Session connect(Deadline deadline) throws SqlFailure {
    Place before = place.get();
    SqlFailure told = null;
    for (int i = 0; i < endpoints.size() && !deadline.isOver(); i++) {
      int at = (before.at() + i) % endpoints.size();
      try {
        Session session = connect(endpoints.get(at), deadline.left(limits.connect()));
        session.isMadeAt(serving(at, before));
        return session;
      } catch (SqlFailure e) {
        told = told == null || Refusals.areForGood(e) ? e : told;
        if (e.kind() == Kind.INTERRUPTED) {
          throw e;
        }
      }
    }
    throw told == null ? SqlFailure.of(Kind.SILENT, "no time was left to connect", null) : told;
  }

  /** Of many that find the same at once, one moves all of them, and says so. */
  private Place serving(int at, Place before) {
    if (at == before.at() && at == before.served()) {
      return before;
    }
    Place moved = new Place(at, before.changes() + (at == before.at() ? 0 : 1), at);
    if (!place.compareAndSet(before, moved)) {
      Place now = place.get();
      return now.at() == at ? now : before;
    }
    if (at != before.served()) {
      LOG.warnf(
          "sql: %s does not serve; using %s", endpoints.get(before.served()), endpoints.get(at));
    }
    return moved;
  }

  /** Whether no server was left since the session was made. */
  boolean isCurrent(Session session) {
    return session.place().changes() == place.get().changes();
  }

  /**
   * The server of this session must be left; it is looked at again, since another one may be no
   * better.
   *
   * @param isSilent whether asking it would cost the next caller his time, so that it comes last
   */
  void leave(Session session, boolean isSilent) {
    Place then = session.place();
    int at = isSilent ? (then.at() + 1) % endpoints.size() : then.at();
    place.compareAndSet(then, new Place(at, then.changes() + 1, then.served()));
  }

  /**
   * Ends on the server what an abandoned session may still be doing, and its locks, in the
   * background and if possible (P18).
   */
  void kill(Session abandoned) {
    if (abandoned.id() == 0 || !kills.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .name("sql-kill")
        .start(
            () -> {
              try {
                killNow(abandoned);
              } catch (SqlFailure e) {
                LOG.debugf(e, "sql: connection %d was not killed", abandoned.id());
              } finally {
                kills.release();
              }
            });
  }

  private void killNow(Session abandoned) throws SqlFailure {
    Session other = connect(abandoned.endpoint(), limits.connect());
    try {
      if (isThere(abandoned, other)) {
        other.run("KILL CONNECTION " + abandoned.id(), limits.connect());
      }
    } finally {
      other.close();
    }
  }

  /**
   * A number means somebody else on another server, which a load balancer may have chosen now, and
   * on one that was started again.
   */
  private boolean isThere(Session abandoned, Session other) throws SqlFailure {
    String client = abandoned.known().client();
    return !client.isEmpty()
        && other.id() > abandoned.id()
        && other.known().server().equals(abandoned.known().server())
        && client(other, other.known().processes(), abandoned.id(), limits.connect())
            .equals(client);
  }

  private Session connect(Endpoint endpoint, Duration limit) throws SqlFailure {
    Deadline deadline = Deadline.in(limit);
    Context context = ((VertxInternal) vertx).createEventLoopContext();
    ConnectionFactory factory =
        MySQLDriver.INSTANCE.createConnectionFactory(vertx, access.options(endpoint, limits));
    Future<SqlConnection> connecting = factory.connect(context);
    boolean isReady = false;
    try {
      SqlConnection connection = await(connecting, deadline.left());
      Session session = new Session(context, factory, connection, endpoint);
      setUp(session, deadline);
      isReady = true;
      return session;
    } finally {
      if (!isReady) {
        closeOnceConnected(factory, connecting);
      }
    }
  }

  /**
   * The client throws on its event loop where it is closed before it has begun to connect; so it is
   * closed when it has connected or failed, at the latest when it has certainly begun.
   */
  private void closeOnceConnected(ConnectionFactory factory, Future<SqlConnection> connecting) {
    long timer = vertx.setTimer(BEGUN_MILLIS, late -> factory.close(Promise.promise()));
    connecting.onComplete(
        ended -> {
          if (vertx.cancelTimer(timer)) {
            factory.close(Promise.promise());
          }
        });
  }

  private void setUp(Session session, Deadline deadline) throws SqlFailure {
    Server server = Server.ask(session, deadline.left());
    if (server.isReadOnly()) {
      throw SqlFailure.of(Kind.LOST, session.endpoint() + " is read-only, perhaps a replica", null);
    }
    for (String statement : server.setUp(limits)) {
      session.run(statement, deadline.left());
    }
    long id = server.connectionId();
    session.isKnownAs(
        new Session.Known(
            id,
            server.identity(),
            client(session, server.processes(), id, deadline.left()),
            server.processes()));
    readATable(session, deadline);
  }

  /** The address that a connection comes from, as its server sees it; empty where it is gone. */
  private static String client(Session session, String processes, long id, Duration limit)
      throws SqlFailure {
    List<Row> rows =
        session.run("SELECT host FROM " + processes + " WHERE id = " + id, limit).rows();
    return rows.isEmpty() ? "" : String.valueOf(rows.getFirst().getString(0));
  }

  /** A Galera node without a quorum answers SHOW and SET, and refuses whatever reads a table. */
  private static void readATable(Session session, Deadline deadline) throws SqlFailure {
    try {
      session.run("SELECT 1 FROM " + SchemaLock.TABLE + " LIMIT 1", deadline.left());
    } catch (SqlFailure e) {
      if (e.code() != MySqlErrors.NO_SUCH_TABLE) {
        throw e;
      }
      // The first start makes it.
    }
    session.run("ROLLBACK", deadline.left());
  }

  private static SqlConnection await(Future<SqlConnection> connecting, Duration limit)
      throws SqlFailure {
    try {
      return connecting
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw SqlFailure.of(Kind.SILENT, "no connection within " + limit.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SqlFailure.of(Kind.INTERRUPTED, "interrupted", e);
    } catch (ExecutionException e) {
      throw Session.failureOf(e.getCause());
    }
  }

  /**
   * Who signs in where.
   *
   * @param ca a PEM file of authorities; null for those that Java trusts
   */
  record Access(String database, String user, String password, boolean tls, @Nullable String ca) {

    MySQLConnectOptions options(Endpoint endpoint, Limits limits) {
      return Options.of(this, endpoint, limits);
    }

    @Override
    public String toString() {
      return user + " in " + database;
    }
  }
}
