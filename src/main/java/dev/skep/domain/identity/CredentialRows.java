package dev.skep.domain.identity;

import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.domain.Rights;
import dev.skep.domain.outbox.Change;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of sessions and access tokens. Writing needs {@link Identities#begin} before. */
@Singleton
class CredentialRows {

  /** The rows of one credential at most: itself and its scopes. */
  static final int MOST_ROWS = 101;

  /** A slice ends no more, so that its events stay small. */
  static final int MOST_ENDED = 200;

  /** The column's values are 1 and 2. */
  enum Kind {
    SESSION,
    TOKEN;

    int column() {
      return ordinal() + 1;
    }

    String word() {
      return this == SESSION ? "session" : "token";
    }
  }

  /** A scope of a new token, its path resolved. */
  record NewScope(UUID nodeId, String path, Rights rights) {}

  /** What events tell of a session or token: never its secret. */
  record State(UUID id, UUID accountId, String name, Instant expiresAt) {
    static State of(Row row) {
      return new State(
          row.id("id"), row.id("account_id"), row.text("name"), row.time("expires_at"));
    }
  }

  /** What a slice has ended, and whether nothing is left. */
  record Ended(List<Change> changes, boolean all) {}

  /** A row with its owner and kind. */
  record Owned(UUID accountId, Kind kind, CredentialView view) {}

  Change insert(
      Tx tx, Kind kind, UUID accountId, Secret secret, CredentialView view, List<NewScope> scopes) {
    tx.update(
        CredentialSql.INSERT,
        view.id(),
        secret.hash(),
        accountId,
        kind.column(),
        view.name(),
        view.createdAt(),
        view.expiresAt());
    for (NewScope scope : scopes) {
      tx.update(
          CredentialSql.INSERT_SCOPE, view.id(), scope.nodeId, scope.path, scope.rights.bits());
    }
    return new Change(
        kind.word() + ".created",
        view.id().toString(),
        new State(view.id(), accountId, view.name(), view.expiresAt()));
  }

  Optional<Owned> find(Tx tx, UUID id) {
    return tx.one(CredentialSql.FIND, id)
        .map(row -> new Owned(row.id("account_id"), kind(row), view(tx, row)));
  }

  /** The ones of an account that have not expired, oldest first. */
  Page<CredentialView> page(Tx tx, UUID accountId, Kind kind, Instant now, PageRequest request) {
    List<CredentialView> views =
        tx
            .query(
                CredentialSql.LIST,
                accountId,
                kind.column(),
                now,
                request.after(UUID::fromString, Ids.ZERO),
                request.limit() + 1)
            .stream()
            .map(row -> view(tx, row))
            .toList();
    return Page.of(views, request, view -> view.id().toString());
  }

  private static Kind kind(Row row) {
    return Kind.values()[(int) row.number("kind") - 1];
  }

  private static CredentialView view(Tx tx, Row row) {
    UUID id = row.id("id");
    List<CredentialView.Scope> scopes =
        row.number("kind") == Kind.SESSION.column()
            ? List.of()
            : tx.query(CredentialSql.SCOPES, id).stream()
                .map(
                    scope ->
                        new CredentialView.Scope(
                            scope.text("path"), new Rights((int) scope.number("rights")).words()))
                .toList();
    return new CredentialView(
        id,
        row.text("name"),
        row.time("created_at"),
        row.time("expires_at"),
        row.timeOrNull("last_used_at"),
        scopes);
  }

  List<UUID> ofAccount(Tx tx, UUID accountId, int limit) {
    return ids(tx.query(CredentialSql.OF_ACCOUNT, accountId, limit));
  }

  /** Ends sessions and tokens of an account, as many as a transaction takes. */
  Ended endAll(Tx tx, UUID accountId) {
    return end(tx, tx.query(CredentialSql.OF_ACCOUNT, accountId, MOST_ENDED + 1));
  }

  /** The same for its sessions but one. */
  Ended endOtherSessions(Tx tx, UUID accountId, UUID but) {
    return end(
        tx,
        tx.query(
            CredentialSql.OTHERS_OF_KIND, accountId, Kind.SESSION.column(), but, MOST_ENDED + 1));
  }

  private Ended end(Tx tx, List<Row> rows) {
    List<Change> changes = new ArrayList<>();
    int room = Identities.SLICE;
    for (Row row : rows) {
      if (changes.size() == MOST_ENDED || room < MOST_ROWS) {
        return new Ended(changes, false);
      }
      changes.add(revoked(kind(row), State.of(row)));
      room -= delete(tx, kind(row), row.id("id"));
    }
    return new Ended(changes, true);
  }

  static Change revoked(Kind kind, State state) {
    return new Change(kind.word() + ".revoked", state.id().toString(), state);
  }

  /** Returns how many have gone: as many as a transaction takes, oldest first. */
  int forgetExpired(Tx tx, Instant now) {
    int room = Identities.SLICE;
    int forgotten = 0;
    for (Row row : tx.query(CredentialSql.EXPIRED, now, room)) {
      if (room < MOST_ROWS) {
        return forgotten;
      }
      room -= delete(tx, kind(row), row.id("id"));
      forgotten++;
    }
    return forgotten;
  }

  private static List<UUID> ids(List<Row> rows) {
    return rows.stream().map(row -> row.id("id")).toList();
  }

  /** A session has no scopes to look for. */
  private static int delete(Tx tx, Kind kind, UUID id) {
    int scopes = kind == Kind.TOKEN ? tx.update(CredentialSql.DELETE_SCOPES, id) : 0;
    return scopes + tx.update(CredentialSql.DELETE, id);
  }

  /** Returns how many rows went. */
  int delete(Tx tx, UUID id) {
    return tx.update(CredentialSql.DELETE_SCOPES, id) + tx.update(CredentialSql.DELETE, id);
  }
}
