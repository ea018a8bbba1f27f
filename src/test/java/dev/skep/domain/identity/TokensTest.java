package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

  private People people;
  private Tokens tokens;
  private Caller anna;

  @BeforeEach
  void open(@TempDir Path folder) {
    people = new People(folder);
    tokens = people.get(Tokens.class);
    people.make("anna");
    anna = people.loggedIn("anna");
  }

  @AfterEach
  void close() {
    people.close();
  }

  private static NewToken token(NewToken.Scope... scopes) {
    return new NewToken("laptop", null, scopes.length == 0 ? null : List.of(scopes), null);
  }

  private static NewToken.Scope scope(String path, String... rights) {
    return new NewToken.Scope(path, List.of(rights));
  }

  @Test
  void aTokenOpensWhatItsOwnerMayUntilItExpires() {
    CredentialView.Issued issued = tokens.create(anna, token());
    assertThat(people.caller(issued.secret()).accountId()).isEqualTo(anna.accountId());
    assertThat(tokens.list(anna, null, People.page("t")).items())
        .extracting(CredentialView::name)
        .containsExactly("laptop");
    assertThat(people.get(Sessions.class).list(anna, People.page("s")).items()).hasSize(1);
    people.pass(Tokens.LIFE);
    assertThat(People.code(() -> people.caller(issued.secret())))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aScopeIsANodeWithRightsAndOpensNoAdministration() {
    CredentialView.Issued issued = tokens.create(anna, token(scope("/home", "read", "write")));
    assertThat(issued.credential().scopes())
        .containsExactly(new CredentialView.Scope("/home", List.of("read", "write")));
    Caller scoped = people.caller(issued.secret());
    assertThat(scoped.scopes()).hasSize(1);
    assertThat(scoped.scopes().getFirst().rights()).isEqualTo(Rights.of(Right.READ, Right.WRITE));
    assertThat(people.get(Me.class).get(scoped).user().name()).isEqualTo("anna");
    assertThat(People.code(() -> tokens.create(scoped, token()))).isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> tokens.list(scoped, null, People.page("t"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> people.get(Sessions.class).deleteCurrent(scoped)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> people.get(Users.class).list(scoped, People.page("u"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> people.get(Groups.class).list(scoped, People.page("g"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void aScopeWhereHeMaySeeNothingIsNotFound() {
    people.make("bert");
    Caller bert = people.loggedIn("bert");
    var sql = people.get(dev.skep.port.sql.SqlStore.class);
    String slug =
        sql.read(
                tx ->
                    people.get(dev.skep.domain.tree.Workspaces.class).ofOwner(tx, anna.accountId()))
            .orElseThrow()
            .slug();
    for (String path : List.of("/home/nothing", "/nowhere/x", "/" + slug)) {
      assertThat(People.code(() -> tokens.create(bert, token(scope(path, "read")))))
          .as(path)
          .isEqualTo(ErrorCode.NOT_FOUND);
    }
    assertThat(tokens.list(bert, null, People.page("t")).items()).isEmpty();
  }

  @Test
  void whatIsWrongWithATokenIsNamed() {
    assertThat(pointer(new NewToken("", null, null, null))).isEqualTo("/name");
    assertThat(pointer(new NewToken("t", people.now(), null, null))).isEqualTo("/expiresAt");
    assertThat(pointer(new NewToken("t", people.now().plus(Duration.ofDays(9999)), null, null)))
        .isEqualTo("/expiresAt");
    assertThat(pointer(new NewToken("t", null, List.of(), null))).isEqualTo("/scopes");
    assertThat(pointer(token(scope("/home")))).isEqualTo("/scopes/0/rights");
    assertThat(pointer(token(scope("/home", "fly")))).isEqualTo("/scopes/0/rights");
    assertThat(pointer(token(scope("home", "read")))).isEqualTo("/scopes/0/path");
    assertThat(pointer(token(scope("/home", "read"), scope("/home/", "write"))))
        .isEqualTo("/scopes/1/path");
  }

  private String pointer(NewToken token) {
    return People.refused(() -> tokens.create(anna, token)).fields().getFirst().pointer();
  }

  @Test
  void anotherPersonsTokenIsNotFoundAlsoForAnAdministrator() {
    var issued = tokens.create(anna, token());
    assertThat(People.code(() -> tokens.delete(people.admin(), issued.credential().id())))
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(People.code(() -> tokens.list(people.admin(), "anna", People.page("t"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    tokens.delete(anna, issued.credential().id());
    assertThat(People.code(() -> people.caller(issued.secret())))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void administratorsListAndRevokeEveryonesTokensButSeeNoPath() {
    var issued = tokens.create(anna, token(scope("/home", "read")));
    var listed = tokens.listOf(people.admin(), "anna", People.page("t")).items();
    assertThat(listed).hasSize(1);
    assertThat(listed.getFirst().id()).isEqualTo(issued.credential().id());
    assertThat(listed.getFirst().scopes())
        .containsExactly(new CredentialView.Scope(null, List.of("read")));
    people.make("bert");
    assertThat(People.code(() -> tokens.deleteOf(people.admin(), "bert", issued.credential().id())))
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(People.code(() -> tokens.deleteOf(people.admin(), "anna", anna.credentialId())))
        .isEqualTo(ErrorCode.NOT_FOUND);
    tokens.deleteOf(people.admin(), "anna", issued.credential().id());
    assertThat(People.code(() -> people.caller(issued.secret())))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(people.events()).last().asString().contains("token.revoked");
  }

  @Test
  void nobodyElseListsOrRevokesThem() {
    var issued = tokens.create(anna, token());
    assertThat(People.code(() -> tokens.listOf(anna, "anna", People.page("t"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> tokens.deleteOf(anna, "anna", issued.credential().id())))
        .isEqualTo(ErrorCode.FORBIDDEN);
    Caller was = people.admin();
    people.make("other", true, "a long password");
    people.change("admin", People.admin(false));
    assertThat(People.code(() -> tokens.listOf(was, "anna", People.page("t"))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> tokens.deleteOf(was, "anna", issued.credential().id())))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(people.caller(issued.secret()).name()).isEqualTo("anna");
  }

  @Test
  void aTokenMakesNoOtherSoThatNoneOutlivesItsRevocation() {
    Caller byToken = people.caller(tokens.create(anna, token()).secret());
    assertThat(People.code(() -> tokens.create(byToken, token()))).isEqualTo(ErrorCode.FORBIDDEN);
    Caller admin = people.caller(tokens.create(people.admin(), token()).secret());
    people.makeService("robot");
    NewToken ofService = new NewToken("ci", null, null, "robot");
    assertThat(People.code(() -> tokens.create(admin, ofService))).isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void aSessionThatHasJustEndedMakesNoToken() {
    people.get(Sessions.class).deleteCurrent(anna);
    assertThat(People.code(() -> tokens.create(anna, token())))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void anAdministratorMakesListsAndRevokesTheTokensOfAService() {
    people.makeService("robot");
    NewToken wanted = new NewToken("ci", null, List.of(scope("/home", "write")), "robot");
    assertThat(People.code(() -> tokens.create(anna, wanted))).isEqualTo(ErrorCode.FORBIDDEN);
    var issued = tokens.create(people.admin(), wanted);
    assertThat(people.caller(issued.secret()).name()).isEqualTo("robot");
    assertThat(tokens.list(people.admin(), "robot", People.page("t")).items()).hasSize(1);
    assertThat(tokens.list(people.admin(), null, People.page("t")).items()).isEmpty();
    tokens.delete(people.admin(), issued.credential().id());
    assertThat(People.code(() -> people.caller(issued.secret())))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void theSweeperForgetsHundredsOfSessionsInOneTransaction() {
    people.sessions("anna", 900);
    people.pass(Tokens.LIFE);
    var sql = people.get(dev.skep.port.sql.SqlStore.class);
    var sessions = people.get(Sessions.class);
    var now = people.now();
    int first = sql.write(tx -> sessions.forgetExpired(Caller.system("sweeper"), tx, now));
    int second = sql.write(tx -> sessions.forgetExpired(Caller.system("sweeper"), tx, now));
    assertThat(first).isBetween(800, 1000);
    assertThat(first + second).isEqualTo(902);
    int third = sql.write(tx -> sessions.forgetExpired(Caller.system("sweeper"), tx, now));
    assertThat(third).isZero();
  }

  @Test
  void whatHasExpiredIsForgottenByTheSweeperOnly() {
    tokens.create(anna, token(scope("/home", "read")));
    people.pass(Tokens.LIFE.plusSeconds(1));
    var sql = people.get(dev.skep.port.sql.SqlStore.class);
    var sessions = people.get(Sessions.class);
    var now = people.now();
    Caller old = anna;
    assertThat(People.code(() -> sql.write(tx -> sessions.forgetExpired(old, tx, now))))
        .isEqualTo(ErrorCode.FORBIDDEN);
    int gone = sql.write(tx -> sessions.forgetExpired(Caller.system("sweeper"), tx, now));
    assertThat(gone).isEqualTo(3);
    assertThat(people.rows(People.TestSql.CREDENTIALS)).isZero();
    assertThat(people.rows(People.TestSql.SCOPES)).isZero();
  }
}
