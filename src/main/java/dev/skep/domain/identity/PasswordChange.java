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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets passwords. Users change their own by telling the current one, which ends their other
 * sessions; an administrator sets those of others, which ends their sessions and access tokens.
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
    boolean done;
    do {
      Outbox.Stamp stamp = identities.stamp();
      done = sql.write(tx -> slice(caller, tx, name, hash, before, condition, stamp));
    } while (!done);
  }

  /**
   * Ends as much as a transaction takes, and sets the password in the one that ends the last. So
   * who stops in between has set none.
   */
  private boolean slice(
      Caller caller,
      Tx tx,
      String name,
      String hash,
      Accounts.PasswordOf before,
      Precondition condition,
      Outbox.Stamp stamp) {
    identities.begin(tx);
    boolean own = caller.name().equals(name);
    if (!own) {
      identities.requireStillAdmin(caller, tx);
    }
    Account account = settable(tx, name, before);
    condition.check(account.revision());
    CredentialRows.Ended ended =
        own
            ? credentials.endOtherSessions(tx, account.id(), caller.credentialId())
            : credentials.endAll(tx, account.id());
    List<Change> changes = new ArrayList<>(ended.changes());
    if (ended.all()) {
      tx.update(AccountSql.SET_PASSWORD, hash, account.id());
      Account after = accounts.find(tx, account.id()).orElseThrow();
      changes.add(new Change("user.password-changed", after.id().toString(), after));
    }
    identities.append(tx, stamp, caller, changes);
    return ended.all();
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
}
