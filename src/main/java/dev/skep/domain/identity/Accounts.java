package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Rights;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of users, each with his home. Writing needs {@link Identities#begin} before. */
@Singleton
class Accounts {

  /** {@code permission.subject_kind} of a user. */
  static final int USER = 1;

  /** {@code permission.subject_kind} of a group. */
  static final int GROUP = 2;

  private final Workspaces workspaces;
  private final Ids ids;

  Accounts(Workspaces workspaces, Ids ids) {
    this.workspaces = workspaces;
    this.ids = ids;
  }

  /** A new account without its ids. */
  record Draft(
      String name,
      String displayName,
      String email,
      AccountType type,
      boolean admin,
      boolean disabled,
      @Nullable String passwordHash,
      long quota) {}

  /** The ids of a new account, made outside the transaction. */
  record NewIds(UUID accountId, UUID homeId, Workspaces.Roots roots) {}

  NewIds newIds() {
    return new NewIds(ids.next(), ids.next(), new Workspaces.Roots(ids.next(), ids.next()));
  }

  /** Makes the account and its home, on which he alone has all rights. */
  List<Change> insert(Tx tx, Draft draft, NewIds newIds, Instant at, UUID by) {
    try {
      tx.update(
          AccountSql.INSERT,
          newIds.accountId,
          draft.name,
          draft.displayName,
          draft.email,
          draft.type.word(),
          draft.admin,
          draft.disabled,
          draft.passwordHash,
          newIds.homeId,
          at);
    } catch (ConstraintViolation e) {
      throw new SkepException(
          ErrorCode.NAME_TAKEN, "There is already a user \"" + draft.name + "\"", e);
    }
    Workspace home = insertHome(tx, draft, newIds, at, by);
    Account account = find(tx, newIds.accountId).orElseThrow();
    return List.of(
        new Change("user.created", account.id().toString(), account),
        new Change("workspace.created", home.id().toString(), home));
  }

  private Workspace insertHome(Tx tx, Draft draft, NewIds newIds, Instant at, UUID by) {
    try {
      workspaces.insert(
          tx,
          newIds.homeId,
          slug(newIds.homeId),
          draft.name,
          newIds.accountId,
          draft.quota,
          newIds.roots,
          at,
          by);
    } catch (ConstraintViolation e) {
      throw SkepException.retry(
          ErrorCode.UNAVAILABLE,
          "The new home's random name is taken already. Send the request again",
          Duration.ofSeconds(1));
    }
    tx.update(
        AccountSql.INSERT_ENTRY,
        newIds.roots.rootId(),
        USER,
        newIds.accountId,
        newIds.homeId,
        Rights.ALL.bits());
    return workspaces.find(tx, newIds.homeId).orElseThrow();
  }

  /** The end of the id: it is random, where the beginning is the time. */
  private static String slug(UUID homeId) {
    String text = homeId.toString();
    return "home-" + text.substring(text.length() - 10);
  }

  Optional<Account> find(Tx tx, UUID id) {
    return tx.one(AccountSql.FIND, id).map(Account::of);
  }

  Optional<Account> byName(Tx tx, String name) {
    return tx.one(AccountSql.BY_NAME, name).map(Account::of);
  }

  Account require(Tx tx, String name) {
    return byName(tx, name).orElseThrow(() -> missing(name));
  }

  List<Account> list(Tx tx, String after, int limit) {
    return tx.query(AccountSql.LIST, after, limit).stream().map(Account::of).toList();
  }

  boolean any(Tx tx) {
    return tx.one(AccountSql.ANY).isPresent();
  }

  /** Administrators who can log in. */
  List<Account> administrators(Tx tx, int limit) {
    return tx.query(AccountSql.ADMINISTRATORS, limit).stream().map(Account::of).toList();
  }

  /** To be called after the change that may have taken the last one. */
  void requireAnAdministrator(Tx tx) {
    if (administrators(tx, 1).isEmpty()) {
      throw new SkepException(
          ErrorCode.LAST_ADMIN,
          "Nobody could administer this installation any more. Make another person an administrator first");
    }
  }

  /** What is needed to check a password. */
  record PasswordOf(UUID accountId, @Nullable String hash, boolean disabled) {
    static PasswordOf of(Row row) {
      return new PasswordOf(row.id("id"), row.textOrNull("password_hash"), row.flag("disabled"));
    }
  }

  Optional<PasswordOf> password(Tx tx, String name) {
    return tx.one(AccountSql.PASSWORD, name).map(PasswordOf::of);
  }

  static SkepException missing(String name) {
    return new SkepException(ErrorCode.NOT_FOUND, "There is no user \"" + name + "\"");
  }
}
