package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.settings.CurrentSettings;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a password for a session, the only thing a password is good for. Who does not exist, is
 * disabled or has no password costs the same time and gets the same answer as a wrong password.
 */
@Singleton
public class LogIn {

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final PasswordCheck passwords;
  private final CurrentSettings settings;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();

  LogIn(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      PasswordCheck passwords,
      CurrentSettings settings,
      Ids ids) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.passwords = passwords;
    this.settings = settings;
    this.ids = ids;
  }

  /**
   * Makes a session.
   *
   * @param clientAddress where the request comes from, for throttling
   * @throws SkepException {@code unauthenticated}; {@code too-many-requests} after too many
   *     failures, or while too many passwords are being checked
   */
  public CredentialView.Issued logIn(
      String userName, String password, String clientAddress, String requestId) {
    Accounts.PasswordOf verified = verify(userName, password, clientAddress);
    Secret secret = Secret.random(random);
    UUID sessionId = ids.next();
    Outbox.Stamp stamp = identities.stamp();
    CredentialView session =
        new CredentialView(
            sessionId,
            "session",
            stamp.at(),
            stamp.at().plus(settings.sessionLife()),
            null,
            List.of());
    sql.write(
        tx -> {
          // Whoever is to delete something must get in first.
          tx.mayUseReserve();
          identities.begin(tx);
          // Whoever was disabled, or got another password, while this one was checked stays out.
          if (accounts.password(tx, userName).filter(verified::equals).isEmpty()) {
            throw refused();
          }
          Account account = accounts.find(tx, verified.accountId()).orElseThrow(LogIn::refused);
          Caller caller =
              new Caller(
                  account.id(),
                  account.name(),
                  account.admin(),
                  sessionId,
                  List.of(),
                  requestId,
                  null);
          Change change =
              credentials.insert(
                  tx, CredentialRows.Kind.SESSION, account.id(), secret, session, List.of());
          identities.append(tx, stamp, caller, List.of(change));
          return session;
        });
    return new CredentialView.Issued(session, secret.text());
  }

  private Accounts.PasswordOf verify(String userName, String password, String clientAddress) {
    Passwords.checkTyped(password, "/password");
    Optional<Accounts.PasswordOf> known =
        Check.isName(userName) ? sql.read(tx -> accounts.password(tx, userName)) : Optional.empty();
    @Nullable String phc =
        known.filter(found -> !found.disabled()).map(Accounts.PasswordOf::hash).orElse(null);
    if (!passwords.right(userName, password, phc, clientAddress)) {
      throw refused();
    }
    return known.orElseThrow();
  }

  private static SkepException refused() {
    return new SkepException(
        ErrorCode.UNAUTHENTICATED,
        "The user name or the password is wrong, or the account is disabled");
  }
}
