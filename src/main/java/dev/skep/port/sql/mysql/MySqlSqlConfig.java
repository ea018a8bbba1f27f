package dev.skep.port.sql.mysql;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** MariaDB or MySQL: one database for each installation. */
@ConfigMapping(prefix = "skep.sql.mysql")
public interface MySqlSqlConfig {

  /**
   * Where the server is: `host:port`, or several with commas between (without a port: 3306). The
   * first one that answers and may be written to is used; the others are tried when it fails. They
   * must hold the same data: the nodes of a Galera cluster, or a primary and its replicas.
   */
  @WithDefault("127.0.0.1:3306")
  String endpoints();

  /** The database of this installation, which must exist and be its own: `CREATE DATABASE skep`. */
  @WithDefault("skep")
  String database();

  /**
   * The account; it needs all rights on the database: `GRANT ALL ON skep.* TO …`. It signs in by
   * `mysql_native_password` or `caching_sha2_password`.
   */
  @WithDefault("skep")
  String user();

  /** The password of the account. */
  Optional<String> password();

  /**
   * Whether connections are encrypted: then the server's certificate must be valid and name the
   * host of its endpoint.
   */
  @WithDefault("false")
  boolean tls();

  /**
   * A PEM file with the certificates of the authorities that the server's certificate may come
   * from; without it, those that Java trusts.
   */
  Optional<Path> tlsCa();

  /**
   * The most connections that this replica holds at once. All replicas together, and one more each
   * for migrations, must stay below the server's `max_connections`.
   */
  @WithDefault("16")
  int connections();

  /** How long a server may take to accept a connection; 100 ms to 30 s. */
  @WithDefault("3s")
  Duration connectTimeout();

  /**
   * How long the server may work on one statement before it gives it up; 2 s to 4 s, in whole
   * seconds. It waits one second less for a lock.
   */
  @WithDefault("4s")
  Duration statementTimeout();
}
