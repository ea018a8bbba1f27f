package dev.skep.domain.identity;

import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets the person who started Skep in: makes the first administrator, and a session for him at each
 * start.
 */
@Singleton
public class Bootstrap {

  private static final Duration SESSION_LIFE = Duration.ofHours(24);

  /** The one session of a start has always this id, so that the next start replaces it. */
  static final UUID START_SESSION = UUID.fromString("00000000-0000-7000-8000-000000000001");

  private static final String ADMIN = "admin";
  private static final String CONFIGURED = "SKEP_ADMIN_PASSWORD";
  private static final String REQUEST = "start";
  private static final int PASSWORD_BYTES = 18;
  private static final int CURSOR_KEY_BYTES = 32;

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final Passwords passwords;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();

  Bootstrap(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      Passwords passwords,
      Ids ids) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.passwords = passwords;
    this.ids = ids;
  }

  /**
   * How to sign in after a start.
   *
   * @param secret of a session of 24 h
   * @param password the generated one, made now or kept, while it still is his
   */
  public record SignIn(String user, String secret, Optional<String> password) {
    @Override
    public String toString() {
      return "SignIn[" + user + "]";
    }
  }

  private record Installation(UUID id, byte[] cursorKey) {}

  /** Whether a user exists, so that {@link #install} has nothing to do. */
  public boolean isInstalled() {
    return sql.read(accounts::any);
  }

  /** What tells these tables from those of every other drive; empty before {@link #install}. */
  public Optional<UUID> installation() {
    return sql.read(tx -> tx.one(AccountSql.INSTALLATION)).map(row -> row.id("id"));
  }

  /** The key that seals cursors, the same on every replica; only after {@link #install}. */
  public byte[] cursorKey() {
    return sql.read(tx -> tx.one(AccountSql.CURSOR_KEY)).orElseThrow().bytes("cursor_key");
  }

  /**
   * Makes the installation and its user {@code admin} if no user exists; safe to be called by many
   * replicas at once.
   *
   * @param configured the password to give him, instead of a generated one
   * @return the password that was generated now
   * @throws SkepException when the configured password is too short, or could not be read
   */
  public Optional<String> install(Optional<String> configured) {
    if (isInstalled()) {
      return Optional.empty();
    }
    configured.ifPresent(Bootstrap::check);
    String password = configured.orElseGet(this::generate);
    String hash =
        configured.isPresent()
            ? passwords.hash(password)
            : passwords.hash(password, GeneratedPassword.salt(password));
    Accounts.Draft draft =
        new Accounts.Draft(
            ADMIN, ADMIN, "", AccountType.PERSON, true, false, hash, Workspace.NO_QUOTA);
    Accounts.NewIds newIds = accounts.newIds();
    Installation installation = new Installation(ids.next(), randomBytes(CURSOR_KEY_BYTES));
    Outbox.Stamp stamp = identities.stamp();
    boolean made = sql.write(tx -> install(tx, installation, draft, newIds, stamp));
    return made && configured.isEmpty() ? Optional.of(password) : Optional.empty();
  }

  private boolean install(
      Tx tx,
      Installation installation,
      Accounts.Draft draft,
      Accounts.NewIds newIds,
      Outbox.Stamp stamp) {
    tx.mayUseReserve();
    identities.begin(tx);
    if (accounts.any(tx)) {
      tx.rollBackOnly();
      return false;
    }
    nameInstallation(tx, installation, stamp);
    List<Change> changes = accounts.insert(tx, draft, newIds, stamp.at(), newIds.accountId());
    identities.append(tx, stamp, himself(newIds.accountId(), draft.name()), changes);
    return true;
  }

  /** The JVM puts U+FFFD for each byte of the environment that its locale cannot decode. */
  private static void check(String configured) {
    Passwords.check(configured, CONFIGURED);
    if (configured.indexOf('\ufffd') >= 0) {
      throw SkepException.field(
          CONFIGURED, "has characters that this locale cannot read. Set LC_ALL=C.UTF-8");
    }
  }

  private static void nameInstallation(Tx tx, Installation made, Outbox.Stamp stamp) {
    if (tx.one(AccountSql.INSTALLATION).isEmpty()) {
      try {
        tx.update(AccountSql.INSERT_INSTALLATION, made.id(), made.cursorKey(), stamp.at());
      } catch (ConstraintViolation e) {
        throw new IllegalStateException("the identities row does not serialise", e);
      }
    }
  }

  /**
   * What each start with the embedded {@code sql} does: {@link #install}, then a session of 24 h of
   * an administrator in place of the one that the start before made.
   *
   * @param configured as for {@link #install}
   * @param kept the generated password that an earlier start has written down
   * @return empty when no administrator can log in
   */
  public Optional<SignIn> start(Optional<String> configured, Optional<String> kept) {
    Optional<String> generated = install(configured);
    Secret secret = Secret.random(random);
    Outbox.Stamp stamp = identities.stamp();
    Optional<Account> account = sql.write(tx -> replaceSession(tx, secret, stamp));
    return account.map(
        owner ->
            new SignIn(
                owner.name(),
                secret.text(),
                generated.or(() -> kept).filter(text -> isStillHis(owner.name(), text))));
  }

  private Optional<Account> replaceSession(Tx tx, Secret secret, Outbox.Stamp stamp) {
    tx.mayUseReserve();
    identities.begin(tx);
    List<Change> changes = new ArrayList<>();
    if (credentials.delete(tx, START_SESSION) > 0) {
      changes.add(new Change("session.revoked", START_SESSION.toString(), List.of()));
    }
    Optional<Account> account = administrator(tx);
    account.ifPresent(
        owner -> {
          CredentialView session =
              new CredentialView(
                  START_SESSION,
                  REQUEST,
                  stamp.at(),
                  stamp.at().plus(SESSION_LIFE),
                  null,
                  List.of());
          changes.add(
              credentials.insert(
                  tx, CredentialRows.Kind.SESSION, owner.id(), secret, session, List.of()));
        });
    Caller caller =
        account
            .map(owner -> himself(owner.id(), owner.name()))
            .orElseGet(() -> himself(Ids.ZERO, AccountNames.SKEP));
    identities.append(tx, stamp, caller, changes);
    return account;
  }

  /** The user {@code admin} while he administers, else the oldest administrator. */
  private Optional<Account> administrator(Tx tx) {
    List<Account> all = accounts.administrators(tx, 1000);
    return all.stream()
        .filter(account -> account.name().equals(ADMIN))
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  private boolean isStillHis(String name, String password) {
    return sql.read(tx -> accounts.password(tx, name))
        .filter(known -> known.hash() != null)
        .filter(known -> GeneratedPassword.madeBy(password, known.hash()))
        .isPresent();
  }

  private String generate() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(PASSWORD_BYTES));
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Caller himself(UUID accountId, String name) {
    return new Caller(accountId, name, true, START_SESSION, List.of(), REQUEST, null);
  }
}
