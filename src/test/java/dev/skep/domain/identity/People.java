package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** An installation with its administrator, whose clock the test sets. */
final class People implements AutoCloseable {

  static final Duration SESSION_LIFE = Duration.ofHours(24);
  static final String ADMIN_PASSWORD = "correct horse battery";

  private volatile Instant now = Instant.parse("2026-01-01T10:00:00Z");
  private final Drive drive;
  private final String adminSecret;

  People(Path folder) {
    InstantSource clock = () -> now;
    drive = Drive.open(folder, clock);
    adminSecret =
        get(Bootstrap.class)
            .start(Optional.of(ADMIN_PASSWORD), Optional.empty())
            .orElseThrow()
            .secret();
  }

  <T> T get(Class<T> type) {
    return drive.get(type);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  Caller admin() {
    return caller(adminSecret);
  }

  Caller caller(String secret) {
    return get(Authentication.class).bearer(secret, "test");
  }

  UserView make(String name) {
    return make(name, false, null);
  }

  UserView make(String name, boolean admin, @Nullable String password) {
    return get(Users.class)
        .create(admin(), new NewUser(name, null, null, null, admin, null, null, password));
  }

  UserView makeService(String name) {
    return get(Users.class)
        .create(
            admin(), new NewUser(name, null, null, AccountType.SERVICE, null, null, null, null));
  }

  /** Someone with a session, without the cost of a password. */
  Caller loggedIn(String name) {
    return caller(session(name));
  }

  String session(String name) {
    return sessions(name, 1).getFirst();
  }

  /** The secrets of so many sessions. */
  List<String> sessions(String name, int number) {
    SecureRandom random = new SecureRandom();
    Map<Secret, UUID> made = new LinkedHashMap<>();
    for (int n = 0; n < number; n++) {
      made.put(Secret.random(random), get(Ids.class).next());
    }
    Instant at = now;
    get(SqlStore.class)
        .write(
            tx -> {
              get(Identities.class).begin(tx);
              UUID owner = get(Accounts.class).require(tx, name).id();
              made.forEach(
                  (secret, id) ->
                      get(CredentialRows.class)
                          .insert(
                              tx,
                              CredentialRows.Kind.SESSION,
                              owner,
                              secret,
                              new CredentialView(
                                  id, "test", at, at.plus(SESSION_LIFE), null, List.of()),
                              List.of()));
              return made.size();
            });
    return made.keySet().stream().map(Secret::text).toList();
  }

  UserView change(String name, UserChange change) {
    return get(Users.class).update(admin(), name, change, Precondition.NONE);
  }

  static UserChange admin(boolean admin) {
    return new UserChange(null, null, admin, null, null);
  }

  static UserChange disabled(boolean disabled) {
    return new UserChange(null, null, null, disabled, null);
  }

  static PageRequest page(String query) {
    return PageRequest.of(query, 100, null);
  }

  /** Every row of the outbox of people, in the order of their numbers. */
  List<String> events() {
    List<String> events = new ArrayList<>();
    get(SqlStore.class)
        .read(tx -> tx.query(TestSql.PEOPLE_EVENTS))
        .forEach(row -> events.add(row.number("seq") + " " + row.text("changes")));
    return events;
  }

  long rows(TestSql count) {
    return get(SqlStore.class).read(tx -> tx.one(count)).orElseThrow().number("n");
  }

  enum TestSql implements Statement {
    PEOPLE_EVENTS(
        "SELECT seq, changes FROM outbox WHERE workspace_id = x'00000000000000000000000000000000' ORDER BY seq"),
    ACCOUNTS("SELECT COUNT(*) AS n FROM account"),
    WORKSPACES("SELECT COUNT(*) AS n FROM workspace"),
    NODES("SELECT COUNT(*) AS n FROM node"),
    ENTRIES("SELECT COUNT(*) AS n FROM permission"),
    MEMBERSHIPS("SELECT COUNT(*) AS n FROM membership"),
    CREDENTIALS("SELECT COUNT(*) AS n FROM credential"),
    SCOPES("SELECT COUNT(*) AS n FROM credential_scope"),
    INSTALLATIONS("SELECT COUNT(*) AS n FROM installation"),
    SEQ("SELECT seq AS n FROM identities"),
    EPOCH("SELECT epoch AS n FROM identities"),
    USED("SELECT COUNT(*) AS n FROM credential WHERE last_used_at IS NOT NULL");

    private final String sql;

    TestSql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  /** The code of the refusal that the action must meet. */
  static SkepException refused(Callable<?> action) {
    Throwable thrown = Assertions.catchThrowable(action::call);
    Assertions.assertThat(thrown).isInstanceOf(SkepException.class);
    return (SkepException) thrown;
  }

  static ErrorCode code(Callable<?> action) {
    return refused(action).code();
  }

  static ErrorCode code(Runnable action) {
    return code(
        () -> {
          action.run();
          return null;
        });
  }

  @Override
  public void close() {
    drive.close();
  }
}
