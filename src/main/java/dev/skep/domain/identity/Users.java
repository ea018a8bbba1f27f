package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.outbox.Answers;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.settings.CurrentSettings;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Users: people and service accounts, each with a home. Everyone who is logged in may list them;
 * administrators make and change them; a user changes his own display name and e-mail address.
 */
@Singleton
public class Users {

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final Workspaces workspaces;
  private final Answers answers;
  private final Passwords passwords;
  private final CurrentSettings settings;

  Users(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      Workspaces workspaces,
      Answers answers,
      Passwords passwords,
      CurrentSettings settings) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.workspaces = workspaces;
    this.answers = answers;
    this.passwords = passwords;
    this.settings = settings;
  }

  /** In the order of their names. */
  public Page<UserView> list(Caller caller, PageRequest request) {
    caller.requireUnscoped();
    String after = request.after() == null ? "" : request.after();
    return sql.read(
        tx -> {
          List<UserView> users =
              accounts.list(tx, after, request.limit() + 1).stream()
                  .map(account -> view(caller, tx, account))
                  .toList();
          return Page.of(users, request, UserView::name);
        });
  }

  /**
   * One user.
   *
   * @throws SkepException {@code not-found}
   */
  public UserView get(Caller caller, String name) {
    caller.requireUnscoped();
    return sql.read(tx -> view(caller, tx, accounts.require(tx, name)));
  }

  /**
   * Makes a user and his home.
   *
   * @throws SkepException {@code name-taken}; {@code forbidden} unless the caller administers
   */
  public UserView create(Caller caller, NewUser user) {
    caller.requireAdmin();
    Accounts.Draft draft = draft(user);
    Accounts.NewIds newIds = accounts.newIds();
    Outbox.Stamp stamp = identities.stamp();
    return sql.write(
        tx -> {
          identities.begin(tx);
          identities.requireStillAdmin(caller, tx);
          return answers.once(
              tx,
              caller,
              stamp.at(),
              UserView.class,
              () -> {
                List<Change> changes =
                    accounts.insert(tx, draft, newIds, stamp.at(), caller.accountId());
                identities.append(tx, stamp, caller, changes);
                return view(caller, tx, accounts.require(tx, draft.name()));
              });
        });
  }

  private Accounts.Draft draft(NewUser user) {
    AccountType type = user.type() == null ? AccountType.PERSON : user.type();
    String displayName = user.displayName() == null ? user.name() : user.displayName();
    String email = user.email() == null ? "" : user.email();
    long quota = user.quota() == null ? settings.defaultHomeQuota() : user.quota();
    Check.userName(user.name());
    Check.label(displayName, "/displayName");
    Check.email(email);
    Check.quota(quota);
    return new Accounts.Draft(
        user.name(),
        displayName,
        email,
        type,
        Boolean.TRUE.equals(user.admin()),
        Boolean.TRUE.equals(user.disabled()),
        hash(user.password(), type),
        quota);
  }

  private @Nullable String hash(@Nullable String password, AccountType type) {
    if (password == null) {
      return null;
    }
    if (type == AccountType.SERVICE) {
      throw SkepException.field("/password", "a service account has access tokens, no password");
    }
    Passwords.check(password, "/password");
    return passwords.hash(password);
  }

  /**
   * Changes a user. Disabling ends all sessions and tokens; enabling brings none back.
   *
   * @throws SkepException {@code last-admin} when nobody could administer any more; {@code
   *     precondition-failed}; {@code forbidden}
   */
  public UserView update(Caller caller, String name, UserChange change, Precondition condition) {
    requireSelfOrAdmin(caller, name);
    if (change.administers()) {
      caller.requireAdmin();
    }
    check(change);
    UUID homeId = sql.read(tx -> accounts.require(tx, name).homeId());
    Optional<UserView> updated;
    do {
      Outbox.Stamp stamp = identities.stamp();
      updated = sql.write(tx -> slice(caller, tx, name, homeId, change, condition, stamp));
    } while (updated.isEmpty());
    return updated.get();
  }

  /**
   * Makes the change. Who disables ends all sessions and tokens before, as many as a transaction
   * takes, so that enabling brings none of them back; empty while some are left.
   */
  private Optional<UserView> slice(
      Caller caller,
      Tx tx,
      String name,
      UUID homeId,
      UserChange change,
      Precondition condition,
      Outbox.Stamp stamp) {
    begin(tx, change, homeId);
    requireStillSelfOrAdmin(caller, tx, name);
    Account before = accounts.require(tx, name);
    condition.check(before.revision());
    List<Change> changes = new ArrayList<>();
    if (Boolean.TRUE.equals(change.disabled())) {
      CredentialRows.Ended ended = credentials.endAll(tx, before.id());
      changes.addAll(ended.changes());
      if (!ended.all()) {
        leaveQuota(tx, change, homeId);
        identities.append(tx, stamp, caller, changes);
        return Optional.empty();
      }
    }
    changes.addAll(updateAccount(tx, before, change));
    if (change.quota() != null) {
      updateQuota(caller, tx, before, change.quota(), stamp);
    }
    identities.append(tx, stamp, caller, changes);
    return Optional.of(view(caller, tx, accounts.require(tx, name)));
  }

  /** {@link #begin} has taken a number of the home, which this slice does not use. */
  private void leaveQuota(Tx tx, UserChange change, UUID homeId) {
    if (change.quota() != null) {
      workspaces.leaveUnchanged(tx, homeId);
    }
  }

  private void begin(Tx tx, UserChange change, UUID homeId) {
    if (change.disabled() == null) {
      identities.begin(tx);
    } else {
      identities.beginRights(tx);
    }
    if (change.quota() != null) {
      workspaces.begin(tx, homeId);
    }
  }

  private List<Change> updateAccount(Tx tx, Account before, UserChange change) {
    Account wanted = change.apply(before);
    // The quota is a field of the user too, so it raises his revision.
    if (wanted.equals(before) && change.quota() == null) {
      return List.of();
    }
    tx.update(
        AccountSql.UPDATE,
        wanted.displayName(),
        wanted.email(),
        wanted.admin(),
        wanted.disabled(),
        before.id());
    if (before.admin() && !before.disabled()) {
      accounts.requireAnAdministrator(tx);
    }
    Account after = accounts.find(tx, before.id()).orElseThrow();
    return List.of(new Change("user.updated", after.id().toString(), after));
  }

  /** The workspace has taken a number for this, so its own events must have a row too (P10). */
  private void updateQuota(Caller caller, Tx tx, Account account, long quota, Outbox.Stamp stamp) {
    Workspace home = workspaces.find(tx, account.homeId()).orElseThrow();
    workspaces.update(tx, home.id(), home.name(), quota);
    Workspace after = workspaces.find(tx, account.homeId()).orElseThrow();
    Change change = new Change("workspace.updated", home.id().toString(), after);
    identities.appendTo(tx, home.id(), home.seq(), stamp, caller, List.of(change));
  }

  private static void check(UserChange change) {
    if (change.displayName() != null) {
      Check.label(change.displayName(), "/displayName");
    }
    if (change.email() != null) {
      Check.email(change.email());
    }
    if (change.quota() != null) {
      Check.quota(change.quota());
    }
  }

  private static void requireSelfOrAdmin(Caller caller, String name) {
    caller.requireUnscoped();
    if (!caller.admin() && !caller.name().equals(name)) {
      throw new SkepException(
          ErrorCode.FORBIDDEN, "Only this user himself and administrators may do this");
    }
  }

  private void requireStillSelfOrAdmin(Caller caller, Tx tx, String name) {
    if (!caller.name().equals(name) || caller.admin()) {
      identities.requireStillAdmin(caller, tx);
    }
  }

  private UserView view(Caller caller, Tx tx, Account account) {
    if (!caller.admin() && !caller.accountId().equals(account.id())) {
      return UserView.forOthers(account);
    }
    return UserView.whole(account, workspaces.find(tx, account.homeId()).orElseThrow());
  }
}
