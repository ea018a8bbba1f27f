package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {

  private People people;
  private Authentication authentication;
  private String secret;

  @BeforeEach
  void anna(@TempDir Path folder) {
    people = new People(folder);
    authentication = people.get(Authentication.class);
    people.make("anna");
    secret = people.session("anna");
  }

  @AfterEach
  void close() {
    people.close();
  }

  @Test
  void aSecretTellsItsOwner() {
    Caller caller = authentication.bearer(secret, "r1");
    assertThat(caller.name()).isEqualTo("anna");
    assertThat(caller.admin()).isFalse();
    assertThat(caller.scopes()).isEmpty();
    assertThat(caller.requestId()).isEqualTo("r1");
    assertThat(authentication.basic("anna", secret, "r2").accountId())
        .isEqualTo(caller.accountId());
    assertThat(people.admin().admin()).isTrue();
  }

  @Test
  void whateverIsWrongTheAnswerIsTheSame() {
    Set<String> answers = new HashSet<>();
    answers.add(refused(secret.substring(1) + "A"));
    answers.add(refused(""));
    answers.add(refused("x".repeat(100_000)));
    answers.add(refusedBasic("bert"));
    answers.add(refusedBasic("Anna"));
    people.change("anna", People.disabled(true));
    answers.add(refused(secret));
    people.change("anna", People.disabled(false));
    people.pass(People.SESSION_LIFE);
    answers.add(refused(secret));
    assertThat(answers).hasSize(1);
  }

  @Test
  void aSessionEndsWithItsLifeNotBefore() {
    people.pass(People.SESSION_LIFE.minusMillis(1));
    assertThat(authentication.bearer(secret, "r").name()).isEqualTo("anna");
    people.pass(Duration.ofMillis(1));
    refused(secret);
  }

  @Test
  void aRevokedSessionIsRefusedAtOnce() {
    Caller anna = people.caller(secret);
    people.get(Sessions.class).deleteCurrent(anna);
    refused(secret);
  }

  @Test
  void disablingEndsSessionsAndTokensAndEnablingBringsNoneBack() {
    String token =
        people
            .get(Tokens.class)
            .create(people.caller(secret), new NewToken("t", null, null, null))
            .secret();
    people.change("anna", People.disabled(true));
    refused(secret);
    refused(token);
    people.change("anna", People.disabled(false));
    refused(secret);
    refused(token);
    assertThat(people.events()).last().asString().contains("user.updated");
    assertThat(String.join("\n", people.events())).contains("session.revoked", "token.revoked");
  }

  @Test
  void moreThanOneTransactionEndsEndInSlicesEachWithItsEvents() {
    people.sessions("anna", 2 * CredentialRows.MOST_ENDED);
    long before = people.rows(People.TestSql.CREDENTIALS);
    long seq = people.rows(People.TestSql.SEQ);
    people.change("anna", new UserChange(null, null, null, true, 7L));
    // The administrator's own session stays.
    assertThat(people.rows(People.TestSql.CREDENTIALS)).isEqualTo(1);
    List<String> events = people.events().stream().filter(row -> number(row) > seq).toList();
    assertThat(events).hasSize(3).allMatch(row -> row.length() < 256 * 1024);
    assertThat(people.rows(People.TestSql.SEQ)).isEqualTo(seq + 3);
    assertThat(String.join("", events).split("session.revoked", -1)).hasSize((int) before);
  }

  private static long number(String row) {
    return Long.parseLong(row.substring(0, row.indexOf(' ')));
  }

  @Test
  void anotherSessionsIdIsNotFound() {
    people.make("bert");
    Caller bert = people.loggedIn("bert");
    Caller anna = people.caller(secret);
    assertThat(People.code(() -> people.get(Sessions.class).delete(bert, anna.credentialId())))
        .isEqualTo(ErrorCode.NOT_FOUND);
    // An administrator ends nobody's session by its id either.
    assertThat(
            People.code(
                () -> people.get(Sessions.class).delete(people.admin(), anna.credentialId())))
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(people.caller(secret).name()).isEqualTo("anna");
  }

  @Test
  void theLastUseIsNotedBesideTheRequestAndNotEachTime() throws InterruptedException {
    Sessions sessions = people.get(Sessions.class);
    Caller anna = people.caller(secret);
    while (sessions.list(anna, People.page("s")).items().getFirst().lastUsedAt() == null) {
      Thread.sleep(5);
    }
    var first = people.now();
    assertThat(sessions.list(anna, People.page("s")).items().getFirst().lastUsedAt())
        .isEqualTo(first);
    people.pass(LastUse.EVERY.minusSeconds(1));
    people.caller(secret);
    people.pass(Duration.ofSeconds(1));
    people.caller(secret);
    // The one in between was too early: what is noted is the last one.
    while (sessions.list(anna, People.page("s")).items().getFirst().lastUsedAt().equals(first)) {
      Thread.sleep(5);
    }
    assertThat(sessions.list(anna, People.page("s")).items().getFirst().lastUsedAt())
        .isEqualTo(people.now());
  }

  @Test
  void aPasswordOpensNothingButALogIn() {
    people
        .get(PasswordChange.class)
        .set(people.admin(), "anna", "anna's password", null, "local", Precondition.NONE);
    refused("anna's password");
    assertThat(People.code(() -> authentication.basic("anna", "anna's password", "r")))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  private String refused(String wrong) {
    SkepException refusal = People.refused(() -> authentication.bearer(wrong, "r"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    return refusal.detail();
  }

  private String refusedBasic(String name) {
    SkepException refusal = People.refused(() -> authentication.basic(name, secret, "r"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    return refusal.detail();
  }
}
