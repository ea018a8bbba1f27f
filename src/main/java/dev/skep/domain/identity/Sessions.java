package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;

/** A user's own sessions; {@link LogIn} makes them. */
@Singleton
public class Sessions {

  private final SqlStore sql;
  private final Identities identities;
  private final CredentialRows credentials;
  private final Revocation revocation;

  Sessions(SqlStore sql, Identities identities, CredentialRows credentials, Revocation revocation) {
    this.sql = sql;
    this.identities = identities;
    this.credentials = credentials;
    this.revocation = revocation;
  }

  /** The caller's own that have not expired, oldest first. */
  public Page<CredentialView> list(Caller caller, PageRequest request) {
    caller.requireUnscoped();
    Instant now = identities.stamp().at();
    return sql.read(
        tx -> credentials.page(tx, caller.accountId(), CredentialRows.Kind.SESSION, now, request));
  }

  /** Ends one of the caller's own; another's is {@code not-found}. */
  public void delete(Caller caller, UUID id) {
    caller.requireUnscoped();
    revocation.revoke(
        caller,
        id,
        (tx, owned) ->
            owned.kind() == CredentialRows.Kind.SESSION
                && owned.accountId().equals(caller.accountId()));
  }

  /** Logs out: ends the session that the caller came with. */
  public void deleteCurrent(Caller caller) {
    caller.requireUnscoped();
    delete(caller, caller.credentialId());
  }

  /**
   * Removes sessions and tokens that have expired, which nobody can use any more, as many as a
   * transaction takes, and returns how many; for the sweeper.
   */
  public int forgetExpired(Caller caller, Tx tx, Instant now) {
    if (!caller.isSystem()) {
      throw new SkepException(ErrorCode.FORBIDDEN, "Only Skep itself does this");
    }
    int forgotten = credentials.forgetExpired(tx, now);
    if (forgotten == 0) {
      tx.rollBackOnly();
    }
    return forgotten;
  }
}
