package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sends a request by the secret of a session or access token. Each call reads the store
 * anew, so what was revoked, disabled or expired is refused from the next request on, on every
 * replica (P8). Nothing that fails says which of the reasons it was.
 */
@Singleton
public class Authentication {

  private final SqlStore sql;
  private final InstantSource clock;
  private final LastUse lastUse;

  public Authentication(SqlStore sql, InstantSource clock, LastUse lastUse) {
    this.sql = sql;
    this.clock = clock;
    this.lastUse = lastUse;
  }

  /**
   * The owner of a secret.
   *
   * @throws SkepException {@code unauthenticated} when it is forged, expired or revoked, or its
   *     owner is disabled
   */
  public Caller bearer(String secret, String requestId) {
    return authenticate(null, secret, requestId);
  }

  /**
   * The same for HTTP Basic, where the secret's owner must have this name.
   *
   * @throws SkepException {@code unauthenticated}, also when he has another name
   */
  public Caller basic(String userName, String secret, String requestId) {
    return authenticate(userName, secret, requestId);
  }

  private Caller authenticate(@Nullable String userName, String text, String requestId) {
    Secret secret = Secret.sent(text).orElseThrow(Authentication::refused);
    byte[] hash = secret.hash();
    List<Row> rows = sql.read(tx -> tx.query(CredentialSql.AUTHENTICATE, hash));
    if (rows.isEmpty()) {
      throw refused();
    }
    Row row = rows.getFirst();
    Instant now = clock.instant();
    if (row.flag("disabled")
        || !now.isBefore(row.time("expires_at"))
        || (userName != null && !userName.equals(row.text("name")))) {
      throw refused();
    }
    UUID credentialId = row.id("id");
    lastUse.note(credentialId, row.timeOrNull("last_used_at"), now);
    return new Caller(
        row.id("account_id"),
        row.text("name"),
        row.flag("admin"),
        credentialId,
        scopes(rows),
        requestId,
        null);
  }

  private static List<Caller.Scope> scopes(List<Row> rows) {
    List<Caller.Scope> scopes = new ArrayList<>();
    for (Row row : rows) {
      UUID nodeId = row.idOrNull("node_id");
      if (nodeId != null) {
        scopes.add(new Caller.Scope(nodeId, new Rights((int) row.number("rights"))));
      }
    }
    return scopes;
  }

  static SkepException refused() {
    return new SkepException(
        ErrorCode.UNAUTHENTICATED,
        "The session or access token is not valid: it may have expired or been revoked. Log in with POST"
            + " /api/v1/sessions");
  }
}
