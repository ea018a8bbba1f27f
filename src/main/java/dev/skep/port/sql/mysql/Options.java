package dev.skep.port.sql.mysql;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.SslMode;
import java.util.concurrent.TimeUnit;

/** How the reactive client is used. */
final class Options {

  /**
   * A server holds 16,382 prepared statements by default, over all connections: enough for ten
   * replicas of 16 connections.
   */
  private static final int PREPARED_STATEMENTS = 100;

  private static final int LONGEST_PREPARED_STATEMENT = 100_000;

  /**
   * A connection that nobody needed for so long is closed: before the server does it, see Server,
   * and after the longest wait for an answer.
   */
  private static final int IDLE_SECONDS = 12;

  private Options() {}

  static MySQLConnectOptions of(Connector.Access access, Endpoint endpoint, Limits limits) {
    MySQLConnectOptions options = new MySQLConnectOptions();
    options
        .setHost(endpoint.host())
        .setPort(endpoint.port())
        .setDatabase(access.database())
        .setUser(access.user())
        .setPassword(access.password())
        .setCollation("utf8mb4_bin")
        // The count of an update is of rows matched, as the port promises.
        .setUseAffectedRows(false)
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
        .setPreparedStatementCacheSqlLimit(LONGEST_PREPARED_STATEMENT)
        .setReconnectAttempts(0)
        .setConnectTimeout((int) limits.connect().toMillis())
        .setSslHandshakeTimeout(limits.connect().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpKeepAlive(true)
        .setSslMode(SslMode.DISABLED);
    if (access.tls()) {
      options.setSslMode(SslMode.VERIFY_IDENTITY).setHostnameVerificationAlgorithm("HTTPS");
      if (access.ca() != null) {
        options.setPemTrustOptions(new PemTrustOptions().addCertPath(access.ca()));
      }
    }
    return options;
  }
}
