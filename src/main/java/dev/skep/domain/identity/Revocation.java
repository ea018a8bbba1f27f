package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;

/** Takes sessions and tokens back; from the next request on they are refused everywhere. */
@Singleton
class Revocation {

  private final SqlStore sql;
  private final Identities identities;
  private final CredentialRows credentials;

  Revocation(SqlStore sql, Identities identities, CredentialRows credentials) {
    this.sql = sql;
    this.identities = identities;
    this.credentials = credentials;
  }

  /**
   * Revokes one.
   *
   * @param theirs whether the caller may know of it; else it is {@code not-found}
   */
  void revoke(Caller caller, UUID id, BiPredicate<Tx, CredentialRows.Owned> theirs) {
    Outbox.Stamp stamp = identities.stamp();
    sql.write(
        tx -> {
          tx.mayUseReserve();
          identities.begin(tx);
          CredentialRows.Owned owned =
              credentials
                  .find(tx, id)
                  .filter(found -> theirs.test(tx, found))
                  .orElseThrow(Revocation::missing);
          credentials.delete(tx, id);
          CredentialView view = owned.view();
          Change change =
              CredentialRows.revoked(
                  owned.kind(),
                  new CredentialRows.State(id, owned.accountId(), view.name(), view.expiresAt()));
          identities.append(tx, stamp, caller, List.of(change));
          return view;
        });
  }

  private static SkepException missing() {
    return new SkepException(ErrorCode.NOT_FOUND, "There is no session or token with this id");
  }
}
