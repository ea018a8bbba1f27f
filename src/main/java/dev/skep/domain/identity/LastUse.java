package dev.skep.domain.identity;

import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notes when a credential was last used, at most once in a few minutes and beside the request: an
 * old time costs nobody anything, a forced commit in each request would.
 */
@Singleton
public class LastUse {

  static final Duration EVERY = Duration.ofMinutes(5);

  /** More than this at once are left for the next request. */
  private static final int MOST_AT_ONCE = 64;

  private static final Logger LOG = Logger.getLogger(LastUse.class);

  private final SqlStore sql;
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

  public LastUse(SqlStore sql) {
    this.sql = sql;
  }

  /** Returns at once; that the note is lost, is not told. */
  void note(UUID credentialId, @Nullable Instant before, Instant now) {
    if (before != null && now.isBefore(before.plus(EVERY))) {
      return;
    }
    if (underWay.size() >= MOST_AT_ONCE || !underWay.add(credentialId)) {
      return;
    }
    Thread.ofVirtual().name("last-use").start(() -> write(credentialId, now));
  }

  private void write(UUID credentialId, Instant now) {
    Instant at = now.truncatedTo(ChronoUnit.MICROS);
    try {
      sql.write(tx -> tx.update(CredentialSql.USED, at, credentialId));
    } catch (RuntimeException e) {
      LOG.debugf(e, "the last use of credential %s was not noted", credentialId);
    } finally {
      underWay.remove(credentialId);
    }
  }
}
