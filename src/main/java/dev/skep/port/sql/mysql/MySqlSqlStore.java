package dev.skep.port.sql.mysql;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.Redacted;
import dev.skep.port.Versioned;
import dev.skep.port.sql.SchemaSteps;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Work;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB or MySQL, shared by all replicas. Functions run on the caller's own thread, which waits
 * for the answer to each of their statements. An acknowledgement is as durable as the server makes
 * its commits: what of that can be read is warned about at the start.
 */
@Singleton
@Identifier("mysql")
public class MySqlSqlStore implements SqlStore, Driver, Versioned {

  /** The schema of this artefact; a test compares it with the folder. */
  public static final SchemaSteps DRIVE = new SchemaSteps("db/mysql", List.of("V1__drive.sql"));

  private static final Logger LOG = Logger.getLogger(MySqlSqlStore.class);
  private static final String TLS_CA = "skep.sql.mysql.tls-ca";
  private static final String CONNECTIONS = "skep.sql.mysql.connections";

  private final Vertx vertx;
  private final MySqlSqlConfig config;
  private final SchemaSteps steps;

  private volatile @Nullable Open open;

  private record Open(Server server, Sessions sessions, Transactions transactions) {}

  @Inject
  public MySqlSqlStore(Vertx vertx, MySqlSqlConfig config) {
    this(vertx, config, DRIVE);
  }

  /** For tests, with a schema of their own. */
  public MySqlSqlStore(Vertx vertx, MySqlSqlConfig config, SchemaSteps steps) {
    this.vertx = vertx;
    this.config = config;
    this.steps = steps;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    return opened().transactions.read(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    return opened().transactions.write(work);
  }

  @Override
  public void open() {
    List<Endpoint> endpoints = Endpoint.listOf(config.endpoints());
    Limits limits = Limits.of(config);
    Connector.Access access = access();
    if (config.connections() < 1) {
      throw new CannotOpen(CONNECTIONS, "must be 1 or more", null);
    }
    Connector connector = new Connector(vertx, access, endpoints, limits);
    Server server = prepare(connector, access, limits);
    Sessions sessions = new Sessions(connector, limits, config.connections());
    open = new Open(server, sessions, new Transactions(sessions, limits));
  }

  @Override
  public String target() {
    return config.user() + "@" + Redacted.address(config.endpoints()) + "/" + config.database();
  }

  @Override
  public String serverVersion() {
    return opened().server.name();
  }

  @Override
  public void check() {
    opened().transactions.read(tx -> tx.query(Probe.ALIVE));
  }

  @Override
  public void close() {
    Open now = open;
    open = null;
    if (now != null) {
      now.sessions.close();
    }
  }

  private Server prepare(Connector connector, Connector.Access access, Limits limits) {
    try {
      Server server = bringUp(connector, access, limits);
      // Another session: a step may have taken longer than an unused one lives.
      Session session = connector.connect(Deadline.in(Limits.OPEN));
      try {
        Privileges.check(session, limits);
      } finally {
        session.close();
      }
      return server;
    } catch (SqlFailure e) {
      if (Refusals.areForGood(e)) {
        throw Refusals.report(e, access);
      }
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "the database server cannot be reached (" + reason(e) + ")", e);
    }
  }

  private Server bringUp(Connector connector, Connector.Access access, Limits limits)
      throws SqlFailure {
    Session session = connector.connect(Deadline.in(Limits.OPEN));
    try {
      Server server = Server.ask(session, limits.answer());
      accept(server, session.endpoint());
      new Schema(steps, connector, access, limits).bringUp(session);
      return server;
    } finally {
      session.close();
    }
  }

  private Open opened() {
    Open now = open;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "the database is not open");
    }
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("the store waits for its server: not on an event loop");
    }
    return now;
  }

  private Connector.Access access() {
    return new Connector.Access(
        config.database(),
        config.user(),
        config.password().orElse(""),
        config.tls(),
        config.tlsCa().map(MySqlSqlStore::certificates).orElse(null));
  }

  private static String certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (!CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        return file.toString();
      }
      throw new CannotOpen(TLS_CA, file + " holds no certificate", null);
    } catch (IOException | CertificateException e) {
      throw new CannotOpen(TLS_CA, file + " cannot be read as certificates in PEM", e);
    }
  }

  private static void accept(Server server, Endpoint endpoint) {
    if (server.isTooOld()) {
      throw new CannotOpen(
          Endpoint.KEY,
          "%s is %s, which is too old. Skep needs at least %s"
              .formatted(endpoint, server.name(), server.oldest()),
          null);
    }
    for (String doubt : server.doubts()) {
      LOG.warnf("sql: at %s %s", endpoint, doubt);
    }
  }

  private enum Probe implements Statement {
    ALIVE;

    @Override
    public String sql() {
      return "SELECT 1 AS alive";
    }
  }

  private static String reason(SqlFailure e) {
    return switch (e.kind()) {
      case REFUSED -> "error " + e.code();
      case LOST -> "no connection";
      case SILENT, LATE -> "no answer in time";
      case INTERRUPTED -> "interrupted";
    };
  }
}
