package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sets passwords. A user changes his own by telling the current one; an administrator sets those of
 * others. All sessions of the user end, but the one that he does it with.
 */
@Singleton
public class PasswordChange {

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final Passwords passwords;
  private final PasswordCheck check;

  PasswordChange(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      Passwords passwords,
      PasswordCheck check) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.passwords = passwords;
    this.check = check;
  }

  /**
   * Sets a password.
   *
   * @param current the password until now; needed for one's own
   * @param clientAddress where the request comes from, for throttling
   * @throws SkepException {@code forbidden} when the current one is wrong or it is another's
   */
  public void set(
      Caller caller,
      String name,
      String password,
      @Nullable String current,
      String clientAddress,
      Precondition condition) {
    caller.requireUnscoped();
    boolean own = caller.name().equals(name);
    if (!own) {
      caller.requireAdmin();
    }
    Passwords.check(password, "/password");
    Accounts.PasswordOf before =
        sql.read(tx -> accounts.password(tx, name)).orElseThrow(() -> Accounts.missing(name));
    if (own) {
      requireCurrent(name, current, before, clientAddress);
    }
    String hash = passwords.hash(password);
    Outbox.Stamp stamp = identities.stamp();
    boolean all =
        sql.write(
            tx -> {
              identities.begin(tx);
              if (!own) {
                identities.requireStillAdmin(caller, tx);
              }
              Account account = settable(tx, name, before);
              condition.check(account.revision());
              tx.update(AccountSql.SET_PASSWORD, hash, account.id());
              Account after = accounts.find(tx, account.id()).orElseThrow();
              identities.append(
                  tx,
                  stamp,
                  caller,
                  List.of(new Change("user.password-changed", after.id().toString(), after)));
              return endSessions(tx, caller, account.id());
            });
    while (!all) {
      all = sql.write(tx -> endMoreSessions(tx, caller, before.accountId()));
    }
  }

  private void requireCurrent(
      String name, @Nullable String current, Accounts.PasswordOf before, String clientAddress) {
    if (current == null) {
      throw SkepException.field("/current", "your current password is needed to set a new one");
    }
    Passwords.checkTyped(current, "/current");
    if (!check.right(name, current, before.hash(), clientAddress)) {
      throw new SkepException(ErrorCode.FORBIDDEN, "current: this is not your current password");
    }
  }

  private Account settable(Tx tx, String name, Accounts.PasswordOf before) {
    Account account = accounts.require(tx, name);
    if (account.type() == AccountType.SERVICE) {
      throw SkepException.field("/password", "a service account has access tokens, no password");
    }
    Optional<Accounts.PasswordOf> now = accounts.password(tx, name);
    if (!Objects.equals(now.map(Accounts.PasswordOf::hash).orElse(null), before.hash())) {
      throw new SkepException(
          ErrorCode.PRECONDITION_FAILED, "The password has been changed meanwhile; try again");
    }
    return account;
  }

  /** Returns whether none is left. */
  private boolean endSessions(Tx tx, Caller caller, UUID accountId) {
    List<UUID> sessions =
        credentials.otherSessions(tx, accountId, caller.credentialId(), Identities.SLICE);
    sessions.forEach(id -> credentials.delete(tx, id));
    return sessions.size() < Identities.SLICE;
  }

  private boolean endMoreSessions(Tx tx, Caller caller, UUID accountId) {
    identities.begin(tx);
    return endSessions(tx, caller, accountId);
  }
}
