package dev.skep.testkit;

import dev.skep.port.sql.mysql.MySqlSqlConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of the driver for MariaDB and MySQL in tests; its defaults but for the server. */
public record MySqlSettings(
    String endpoints,
    String database,
    String user,
    Optional<String> password,
    boolean tls,
    Optional<Path> tlsCa,
    int connections,
    Duration connectTimeout,
    Duration statementTimeout)
    implements MySqlSqlConfig {

  static MySqlSettings of(String endpoints, String database, String user, String password) {
    return new MySqlSettings(
        endpoints,
        database,
        user,
        password.isEmpty() ? Optional.empty() : Optional.of(password),
        false,
        Optional.empty(),
        16,
        Duration.ofSeconds(3),
        Duration.ofSeconds(4));
  }

  public MySqlSettings at(String otherEndpoints) {
    return new MySqlSettings(
        otherEndpoints,
        database,
        user,
        password,
        tls,
        tlsCa,
        connections,
        connectTimeout,
        statementTimeout);
  }

  public MySqlSettings in(String otherDatabase) {
    return new MySqlSettings(
        endpoints,
        otherDatabase,
        user,
        password,
        tls,
        tlsCa,
        connections,
        connectTimeout,
        statementTimeout);
  }

  public MySqlSettings as(String otherUser, String otherPassword) {
    return new MySqlSettings(
        endpoints,
        database,
        otherUser,
        Optional.of(otherPassword),
        tls,
        tlsCa,
        connections,
        connectTimeout,
        statementTimeout);
  }

  public MySqlSettings encrypted(Path ca) {
    return new MySqlSettings(
        endpoints,
        database,
        user,
        password,
        true,
        Optional.of(ca),
        connections,
        connectTimeout,
        statementTimeout);
  }

  public MySqlSettings with(int mostConnections) {
    return new MySqlSettings(
        endpoints,
        database,
        user,
        password,
        tls,
        tlsCa,
        mostConnections,
        connectTimeout,
        statementTimeout);
  }

  public MySqlSettings with(Duration connect, Duration statement) {
    return new MySqlSettings(
        endpoints, database, user, password, tls, tlsCa, connections, connect, statement);
  }
}
