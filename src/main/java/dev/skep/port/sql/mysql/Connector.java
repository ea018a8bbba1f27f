package dev.skep.port.sql.mysql;

import dev.skep.port.sql.mysql.SqlFailure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.spi.MySQLDriver;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions to the endpoint that worked last, or to the next one that can be written to.
 * Thread-safe.
 */
final class Connector {

  private static final Logger LOG = Logger.getLogger(Connector.class);
  private static final int KILLS_AT_ONCE = 2;

  private final Vertx vertx;
  private final Access access;
  private final List<Endpoint> endpoints;
  private final Limits limits;
  private final Semaphore kills = new Semaphore(KILLS_AT_ONCE);

  private volatile int preferred;

  Connector(Vertx vertx, Access access, List<Endpoint> endpoints, Limits limits) {
    this.vertx = vertx;
    this.access = access;
    this.endpoints = List.copyOf(endpoints);
    this.limits = limits;
  }

  /** A session that is set up for transactions. */
  Session connect(Deadline deadline) throws SqlFailure {
    int first = preferred;
    SqlFailure told = null;
    for (int i = 0; i < endpoints.size() && !deadline.isOver(); i++) {
      int at = (first + i) % endpoints.size();
      try {
        Session session = connect(endpoints.get(at), deadline.left(limits.connect()));
        prefer(at, first);
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

  private void prefer(int at, int before) {
    if (at != before) {
      LOG.warnf("sql: %s does not serve; using %s", endpoints.get(before), endpoints.get(at));
      preferred = at;
    }
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
      // The numbers of a server that was started again begin anew and mean somebody else.
      if (other.id() > abandoned.id()) {
        other.run("KILL CONNECTION " + abandoned.id(), limits.connect());
      }
    } finally {
      other.close();
    }
  }

  private Session connect(Endpoint endpoint, Duration limit) throws SqlFailure {
    Deadline deadline = Deadline.in(limit);
    Context context = ((VertxInternal) vertx).createEventLoopContext();
    ConnectionFactory factory =
        MySQLDriver.INSTANCE.createConnectionFactory(vertx, access.options(endpoint, limits));
    boolean isReady = false;
    try {
      SqlConnection connection = await(factory.connect(context), deadline.left());
      Session session = new Session(context, factory, connection, endpoint);
      setUp(session, deadline);
      isReady = true;
      return session;
    } finally {
      if (!isReady) {
        factory.close(Promise.promise());
      }
    }
  }

  private void setUp(Session session, Deadline deadline) throws SqlFailure {
    Server server = Server.ask(session, deadline.left());
    session.isKnownAs(server.connectionId());
    if (server.isReadOnly()) {
      throw SqlFailure.of(Kind.LOST, session.endpoint() + " is read-only, perhaps a replica", null);
    }
    for (String statement : server.setUp(limits)) {
      session.run(statement, deadline.left());
    }
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
