package dev.skep.port.sql.mysql;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.sql.SchemaSteps;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Brings the tables to the newest step. Whoever comes first does it; the others wait. Flyway needs
 * JDBC, so this is the one place that uses it, and only when there is something to do.
 */
final class Schema {

  private static final Logger LOG = Logger.getLogger(Schema.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 200;

  private static final String HISTORY = "flyway_schema_history";
  private static final String COUNT_HISTORY =
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
          + " AND table_name = '"
          + HISTORY
          + "'";
  private static final String COUNT_STRANGERS =
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
          + " AND table_name NOT IN ('"
          + HISTORY
          + "', '"
          + SchemaLock.TABLE
          + "')";
  private static final String DONE =
      "SELECT coalesce(max(CAST(version AS SIGNED)), 0) FROM " + HISTORY + " WHERE success = 1";

  private final SchemaSteps steps;
  private final Connector connector;
  private final Connector.Access access;
  private final Limits limits;

  Schema(SchemaSteps steps, Connector connector, Connector.Access access, Limits limits) {
    this.steps = steps;
    this.connector = connector;
    this.access = access;
    this.limits = limits;
  }

  /**
   * Makes it the newest.
   *
   * @param session whose server is changed; not used for the changes themselves
   * @throws CannotOpen when it is newer than this artefact, not Skep's, or cannot be changed
   * @throws SkepException {@code unavailable} while another replica changes it, or when the server
   *     fails meanwhile
   */
  void bringUp(Session session) throws SqlFailure {
    Deadline deadline = Deadline.in(WAIT);
    while (!isNewest(session)) {
      StepWatch watch = new StepWatch();
      try (SchemaLock lock = SchemaLock.take(connector, limits, watch)) {
        if (lock.isHeld() && !isNewest(session)) {
          refuseStrangers(session);
          migrateWatched(session.endpoint(), watch);
          return;
        }
      }
      if (deadline.isOver()) {
        throw new SkepException(
            ErrorCode.UNAVAILABLE, "another replica is changing the schema; waiting for it");
      }
      pause();
    }
  }

  private boolean isNewest(Session session) throws SqlFailure {
    long done = number(session, COUNT_HISTORY) == 0 ? 0 : number(session, DONE);
    session.run("ROLLBACK", limits.answer());
    if (done > steps.newest()) {
      throw new CannotOpen(
          Refusals.DATABASE,
          "the database "
              + access.database()
              + " was written by a newer Skep (schema "
              + done
              + "; this one knows "
              + steps.newest()
              + "). Start the newer version, or restore a backup made by this one",
          null);
    }
    return done == steps.newest();
  }

  private void refuseStrangers(Session session) throws SqlFailure {
    boolean isNew = number(session, COUNT_HISTORY) == 0;
    boolean isEmpty = number(session, COUNT_STRANGERS) == 0;
    session.run("ROLLBACK", limits.answer());
    if (isNew && !isEmpty) {
      throw new CannotOpen(
          Refusals.DATABASE,
          "the database "
              + access.database()
              + " holds tables of something else; nothing was changed. Make one for Skep alone",
          null);
    }
  }

  /**
   * On a thread of its own, which is left behind with a dead connection, so that the lock is not
   * kept: whoever migrates next begins the step again.
   */
  private void migrateWatched(Endpoint endpoint, StepWatch watch) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("sql-migration")
        .start(
            () -> {
              try {
                migrate(endpoint, watch);
                done.complete(true);
              } catch (Throwable t) {
                done.completeExceptionally(t);
              }
            });
    while (!isDone(done)) {
      if (watch.isDead()) {
        throw new SkepException(
            ErrorCode.UNAVAILABLE, "the connection died while the schema was changed");
      }
    }
  }

  private static boolean isDone(CompletableFuture<Boolean> migration) {
    try {
      return migration.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted while the schema was changed", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private void migrate(Endpoint endpoint, StepWatch watch) {
    LOG.infof("sql: bringing the schema of %s to step %d", access.database(), steps.newest());
    try {
      Flyway flyway =
          Flyway.configure(getClass().getClassLoader())
              .dataSource(dataSource(endpoint))
              .javaMigrations(Step.of(steps, watch).toArray(Step[]::new))
              .javaMigrationClassProvider(List::of)
              .locations(new String[0])
              // The lock's own table is there before the history is.
              .baselineOnMigrate(true)
              .baselineVersion("0")
              .load();
      if (Stream.of(flyway.info().all()).anyMatch(step -> step.getState().isFailed())) {
        // Each step can be repeated; what failed once is not held against it.
        flyway.repair();
      }
      flyway.migrate();
    } catch (FlywayException | SQLException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(Exception e) {
    SqlFailure refusal = refusal(e);
    if (refusal == null) {
      return new CannotOpen(
          Refusals.DATABASE,
          "the schema of " + access.database() + " cannot be changed: " + e.getMessage(),
          e);
    }
    if (Refusals.areForGood(refusal)) {
      return Refusals.report(refusal, access);
    }
    LOG.warnf("sql: the schema was not brought up: %s", refusal.getMessage());
    return new SkepException(
        ErrorCode.UNAVAILABLE, "the database server failed while the schema was changed", e);
  }

  private static @Nullable SqlFailure refusal(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        String state = String.valueOf(sql.getSQLState());
        boolean isLost = state.startsWith("08");
        SqlFailure failure =
            isLost && sql.getErrorCode() == 0
                ? SqlFailure.of(SqlFailure.Kind.LOST, String.valueOf(sql.getMessage()), sql)
                : SqlFailure.refused(sql.getErrorCode(), String.valueOf(sql.getMessage()), sql);
        return isLost || MySqlErrors.endsTransaction(failure) || Refusals.areForGood(failure)
            ? failure
            : null;
      }
    }
    return null;
  }

  private MariaDbDataSource dataSource(Endpoint endpoint) throws SQLException {
    String tls =
        !access.tls()
            ? "&sslMode=disable&allowPublicKeyRetrieval=true"
            : "&sslMode=verify-full" + (access.ca() == null ? "" : "&serverSslCert=" + access.ca());
    MariaDbDataSource source =
        new MariaDbDataSource(
            "jdbc:mariadb://%s/%s?connectTimeout=%d&socketTimeout=%d%s"
                .formatted(
                    endpoint,
                    access.database(),
                    limits.connect().toMillis(),
                    StepWatch.ANSWER.toMillis(),
                    tls));
    source.setUser(access.user());
    source.setPassword(access.password());
    return source;
  }

  private long number(Session session, String sql) throws SqlFailure {
    return session.run(sql, limits.answer()).rows().getFirst().getLong(0);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted while waiting", e);
    }
  }
}
