package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens, made by their owners. A service account cannot log in, so administrators make its
 * tokens; never those of a person, for that would open the person's files to them. They list and
 * revoke everyone's.
 */
@Singleton
public class Tokens {

  static final Duration LIFE = Duration.ofDays(90);
  static final Duration LONGEST_LIFE = Duration.ofDays(3660);

  private final SqlStore sql;
  private final Identities identities;
  private final Accounts accounts;
  private final CredentialRows credentials;
  private final Revocation revocation;
  private final ScopeResolver resolver;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();

  Tokens(
      SqlStore sql,
      Identities identities,
      Accounts accounts,
      CredentialRows credentials,
      Revocation revocation,
      ScopeResolver resolver,
      Ids ids) {
    this.sql = sql;
    this.identities = identities;
    this.accounts = accounts;
    this.credentials = credentials;
    this.revocation = revocation;
    this.resolver = resolver;
    this.ids = ids;
  }

  /**
   * The ones of an account that have not expired, oldest first.
   *
   * @param user a service account, for administrators; absent: the caller's own
   */
  public Page<CredentialView> list(Caller caller, @Nullable String user, PageRequest request) {
    caller.requireUnscoped();
    Instant now = identities.stamp().at();
    return sql.read(
        tx ->
            credentials.page(
                tx, owner(caller, tx, user, "user").id(), CredentialRows.Kind.TOKEN, now, request));
  }

  /**
   * Makes a token. Only who came with a session does: a token that could make another would live on
   * in it when it is revoked.
   *
   * @throws SkepException {@code not-found} for a scope's path where its owner may see nothing;
   *     {@code forbidden} for who came with a token
   */
  public CredentialView.Issued create(Caller caller, NewToken token) {
    caller.requireUnscoped();
    Check.label(token.name(), "/name");
    Outbox.Stamp stamp = identities.stamp();
    Instant expiresAt = expiry(token, stamp.at());
    List<Rights> rights = rights(token);
    Secret secret = Secret.random(random);
    UUID id = ids.next();
    CredentialView made =
        sql.write(
            tx -> {
              identities.begin(tx);
              requireSession(caller, tx);
              Account owner = owner(caller, tx, token.user(), "/user");
              List<CredentialRows.NewScope> scopes = scopes(caller, tx, owner, token, rights);
              CredentialView view =
                  new CredentialView(id, token.name(), stamp.at(), expiresAt, null, views(scopes));
              Change change =
                  credentials.insert(
                      tx, CredentialRows.Kind.TOKEN, owner.id(), secret, view, scopes);
              identities.append(tx, stamp, caller, List.of(change));
              return view;
            });
    return new CredentialView.Issued(made, secret.text());
  }

  /** Revokes one of the caller's own or, for an administrator, a service account's. */
  public void delete(Caller caller, UUID id) {
    caller.requireUnscoped();
    revocation.revoke(
        caller,
        id,
        (tx, owned) ->
            owned.kind() == CredentialRows.Kind.TOKEN
                && (owned.accountId().equals(caller.accountId()) || isService(caller, tx, owned)));
  }

  private boolean isService(Caller caller, Tx tx, CredentialRows.Owned owned) {
    return identities.isStillAdmin(caller, tx)
        && accounts
            .find(tx, owned.accountId())
            .filter(owner -> owner.type() == AccountType.SERVICE)
            .isPresent();
  }

  /**
   * Those of anyone that have not expired, oldest first, for administrators. Their scopes have no
   * path: the names of a person's folders are not for them.
   *
   * @throws SkepException {@code forbidden}; {@code not-found} for a user who is not there
   */
  public Page<CredentialView> listOf(Caller caller, String user, PageRequest request) {
    caller.requireAdmin();
    Instant now = identities.stamp().at();
    return sql.read(
            tx -> {
              identities.requireStillAdmin(caller, tx);
              UUID owner = accounts.require(tx, user).id();
              return credentials.page(tx, owner, CredentialRows.Kind.TOKEN, now, request);
            })
        .map(CredentialView::withoutPaths);
  }

  /** Revokes one of anyone, for administrators. */
  public void deleteOf(Caller caller, String user, UUID id) {
    caller.requireAdmin();
    revocation.revoke(
        caller,
        id,
        (tx, owned) -> {
          identities.requireStillAdmin(caller, tx);
          return owned.kind() == CredentialRows.Kind.TOKEN
              && owned.accountId().equals(accounts.require(tx, user).id());
        });
  }

  private void requireSession(Caller caller, Tx tx) {
    CredentialRows.Owned own =
        credentials.find(tx, caller.credentialId()).orElseThrow(Authentication::refused);
    if (own.kind() != CredentialRows.Kind.SESSION) {
      throw new SkepException(
          ErrorCode.FORBIDDEN,
          "An access token makes no other. Log in with POST /api/v1/sessions, and make it with that session");
    }
  }

  private Account owner(Caller caller, Tx tx, @Nullable String user, String pointer) {
    if (user == null || user.equals(caller.name())) {
      return accounts
          .find(tx, caller.accountId())
          .orElseThrow(() -> Accounts.missing(caller.name()));
    }
    caller.requireAdmin();
    identities.requireStillAdmin(caller, tx);
    Account owner =
        accounts
            .byName(tx, user)
            .orElseThrow(() -> SkepException.field(pointer, "there is no such user"));
    if (owner.type() != AccountType.SERVICE) {
      throw new SkepException(
          ErrorCode.FORBIDDEN,
          "Only the owner makes and sees these tokens; administrators list and revoke them under /users/{name}/tokens");
    }
    return owner;
  }

  private static Instant expiry(NewToken token, Instant now) {
    if (token.expiresAt() == null) {
      return now.plus(LIFE);
    }
    if (!token.expiresAt().isAfter(now) || token.expiresAt().isAfter(now.plus(LONGEST_LIFE))) {
      throw SkepException.field("/expiresAt", "must be in the future, within ten years");
    }
    return token.expiresAt().truncatedTo(ChronoUnit.MICROS);
  }

  private static List<Rights> rights(NewToken token) {
    List<NewToken.Scope> scopes = token.scopes();
    if (scopes == null) {
      return List.of();
    }
    if (scopes.isEmpty() || scopes.size() >= CredentialRows.MOST_ROWS) {
      throw SkepException.field(
          "/scopes", "1 to 100 scopes; leave the field out for a token without limits");
    }
    List<Rights> rights = new ArrayList<>();
    for (NewToken.Scope scope : scopes) {
      String pointer = "/scopes/" + rights.size() + "/rights";
      Rights these = Rights.parse(scope.rights(), pointer);
      if (these.none()) {
        throw SkepException.field(pointer, "must name a right at least");
      }
      rights.add(these);
    }
    return rights;
  }

  private List<CredentialRows.NewScope> scopes(
      Caller caller, Tx tx, Account owner, NewToken token, List<Rights> rights) {
    List<CredentialRows.NewScope> scopes = new ArrayList<>();
    Set<UUID> nodes = new HashSet<>();
    Caller eyes = inTheEyesOf(owner, caller);
    for (int at = 0; at < rights.size(); at++) {
      String path = Objects.requireNonNull(token.scopes()).get(at).path();
      String pointer = "/scopes/" + at + "/path";
      UUID nodeId = resolver.resolve(eyes, tx, path, pointer);
      if (!nodes.add(nodeId)) {
        throw SkepException.field(pointer, "another scope names the same place");
      }
      scopes.add(new CredentialRows.NewScope(nodeId, path, rights.get(at)));
    }
    return scopes;
  }

  private static Caller inTheEyesOf(Account owner, Caller caller) {
    return new Caller(
        owner.id(),
        owner.name(),
        owner.admin(),
        caller.credentialId(),
        List.of(),
        caller.requestId(),
        null);
  }

  private static List<CredentialView.Scope> views(List<CredentialRows.NewScope> scopes) {
    return scopes.stream()
        .map(scope -> new CredentialView.Scope(scope.path(), scope.rights().words()))
        .toList();
  }
}
