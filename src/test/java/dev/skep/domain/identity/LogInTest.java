package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.settings.CurrentSettings;
import dev.skep.port.sql.SqlStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogInTest {

  private static final String PASSWORD = "Zoë's password";

  private People people;
  private LogIn logIn;

  @BeforeEach
  void anna(@TempDir Path folder) {
    people = new People(folder);
    logIn = people.get(LogIn.class);
    people.make("anna", false, PASSWORD);
  }

  @AfterEach
  void close() {
    people.close();
  }

  @Test
  void aPasswordIsExchangedForASessionOfADay() {
    CredentialView.Issued issued = logIn("anna", PASSWORD);
    assertThat(issued.secret()).matches("[A-Za-z0-9_-]{43}");
    assertThat(issued.credential().expiresAt()).isEqualTo(people.now().plus(People.SESSION_LIFE));
    assertThat(people.caller(issued.secret()).name()).isEqualTo("anna");
    assertThat(
            people
                .get(Sessions.class)
                .list(people.caller(issued.secret()), People.page("s"))
                .items())
        .hasSize(1);
  }

  @Test
  void theSamePasswordMayBeTypedDecomposed() {
    assertThat(logIn("anna", "Zoe\u0308's password").secret()).isNotEmpty();
  }

  @Test
  void aWrongPasswordAnUnknownAndADisabledUserAndAServiceGetOneAnswer() {
    people.makeService("robot");
    people.make("nina");
    String wrong = refused("anna", "something else").detail();
    assertThat(refused("nobody", PASSWORD).detail()).isEqualTo(wrong);
    assertThat(refused("nobody at all \u0000 /", PASSWORD).detail()).isEqualTo(wrong);
    assertThat(refused("robot", "").detail()).isEqualTo(wrong);
    assertThat(refused("nina", "").detail()).isEqualTo(wrong);
    people.change("anna", People.disabled(true));
    assertThat(refused("anna", PASSWORD).detail()).isEqualTo(wrong);
  }

  @Test
  void aPasswordThatNobodyCanHaveIsRefusedBeforeItIsLookedAt() {
    for (String name : List.of("anna", "nobody")) {
      String marks = "a" + "\u0301".repeat(100_000) + "\u0316".repeat(100_000);
      for (String text : List.of(marks, "x".repeat(1001), "a lone \ud800")) {
        SkepException refusal = refused(name, text);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal.fields().getFirst().pointer()).isEqualTo("/password");
      }
    }
    assertThat(refused("n".repeat(1_000_000), PASSWORD).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refused("\ud800", PASSWORD).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    // None of them was a failure of anna's.
    assertThat(logIn("anna", PASSWORD).secret()).isNotEmpty();
  }

  /** Its question mark is not the half of a pair that another password would hold. */
  @Test
  void anotherPasswordDoesNotOpenTheAccountThroughAnEncoding() {
    people.make("otto", false, "what is it ?");
    assertThat(refused("otto", "what is it \ud800").code()).isEqualTo(ErrorCode.MALFORMED);
    assertThat(logIn("otto", "what is it ?").secret()).isNotEmpty();
  }

  @Test
  void afterTenFailuresEvenTheRightPasswordWaitsForTheWindowToEnd() {
    for (int failure = 0; failure < LogInThrottle.FAILURES_OF_USER; failure++) {
      assertThat(refused("anna", "guess " + failure).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    SkepException refusal = refused("anna", PASSWORD);
    assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    assertThat(refusal.retryAfter())
        .isNotNull()
        .isBetween(java.time.Duration.ZERO, LogInThrottle.WINDOW.plusSeconds(1));
    // Another user is not concerned.
    assertThat(logIn("admin", People.ADMIN_PASSWORD).secret()).isNotEmpty();
    people.pass(refusal.retryAfter());
    assertThat(logIn("anna", PASSWORD).secret()).isNotEmpty();
  }

  @Test
  void whoFailsElsewhereLocksNobodyOut() {
    for (int failure = 0; failure < LogInThrottle.FAILURES_OF_USER; failure++) {
      String guess = "guess " + failure;
      assertThat(People.code(() -> logIn.logIn("anna", guess, "203.0.113.9", "test")))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    assertThat(People.code(() -> logIn.logIn("anna", PASSWORD, "203.0.113.9", "test")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    assertThat(logIn("anna", PASSWORD).secret()).isNotEmpty();
  }

  @Test
  void manyCorrectLogInsAtTheSameMomentAllGetTheirTurn() throws Exception {
    List<Callable<CredentialView.Issued>> all =
        java.util.Collections.nCopies(40, () -> logIn("anna", PASSWORD));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<CredentialView.Issued> issued : threads.invokeAll(all)) {
        assertThat(issued.get().secret()).isNotEmpty();
      }
    }
  }

  @Test
  void whoGetsItRightIsNeverThrottledHoweverOften() {
    for (int time = 0; time < LogInThrottle.FAILURES_OF_USER + 3; time++) {
      assertThat(logIn("anna", PASSWORD).secret()).isNotEmpty();
    }
  }

  @Test
  void changingOnesPasswordNeedsTheCurrentOneAndEndsTheOtherSessions() {
    String here = logIn("anna", PASSWORD).secret();
    String elsewhere = logIn("anna", PASSWORD).secret();
    Caller anna = people.caller(here);
    PasswordChange change = people.get(PasswordChange.class);
    assertThat(
            People.code(
                () -> change.set(anna, "anna", "a new password", null, "x", Precondition.NONE)))
        .isEqualTo(ErrorCode.MALFORMED);
    assertThat(
            People.code(
                () ->
                    change.set(
                        anna, "anna", "a new password", "wrong one", "x", Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(
            People.code(() -> change.set(anna, "anna", "short", PASSWORD, "x", Precondition.NONE)))
        .isEqualTo(ErrorCode.MALFORMED);
    assertThat(
            People.code(
                () ->
                    change.set(anna, "admin", "a new password", PASSWORD, "x", Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(people.caller(elsewhere).name()).isEqualTo("anna");

    change.set(anna, "anna", "a new password", PASSWORD, "x", Precondition.NONE);

    assertThat(people.caller(here).name()).isEqualTo("anna");
    assertThat(People.code(() -> people.caller(elsewhere))).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refused("anna", PASSWORD).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(logIn("anna", "a new password").secret()).isNotEmpty();
  }

  @Test
  void anAdministratorSetsThePasswordOfAnother() {
    String before = logIn("anna", PASSWORD).secret();
    people
        .get(PasswordChange.class)
        .set(people.admin(), "anna", "given by admin", null, "x", Precondition.NONE);
    assertThat(People.code(() -> people.caller(before))).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(logIn("anna", "given by admin").secret()).isNotEmpty();
  }

  @Test
  void aPasswordThatAnAdministratorSetsEndsAccessTokensAndOnesOwnKeepsThem() {
    Caller anna = people.caller(logIn("anna", PASSWORD).secret());
    NewToken token = new NewToken("t", null, null, null);
    String secret = people.get(Tokens.class).create(anna, token).secret();
    PasswordChange change = people.get(PasswordChange.class);
    change.set(anna, "anna", "a new password", PASSWORD, "x", Precondition.NONE);
    assertThat(people.caller(secret).name()).isEqualTo("anna");
    change.set(people.admin(), "anna", "given by admin", null, "x", Precondition.NONE);
    assertThat(People.code(() -> people.caller(secret))).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aPasswordThatIsReplacedWhileItIsCheckedOpensNothing() {
    PasswordCheck slow =
        new PasswordCheck(people.get(Passwords.class), people.get(LogInThrottle.class)) {
          @Override
          boolean right(String userName, String password, String phc, String clientAddress) {
            boolean right = super.right(userName, password, phc, clientAddress);
            people
                .get(PasswordChange.class)
                .set(people.admin(), "anna", "given by admin", null, "x", Precondition.NONE);
            return right;
          }
        };
    LogIn raced =
        new LogIn(
            people.get(SqlStore.class),
            people.get(Identities.class),
            people.get(Accounts.class),
            people.get(CredentialRows.class),
            slow,
            people.get(CurrentSettings.class),
            people.get(Ids.class));
    assertThat(People.code(() -> raced.logIn("anna", PASSWORD, "192.0.2.1", "test")))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(people.rows(People.TestSql.CREDENTIALS)).isEqualTo(1);
  }

  @Test
  void noEventTellsAPasswordAHashOrASecret() {
    String secret = logIn("anna", PASSWORD).secret();
    assertThat(String.join("\n", people.events()))
        .contains("session.created")
        .doesNotContain(secret)
        .doesNotContain("argon2")
        .doesNotContain(PASSWORD);
  }

  private CredentialView.Issued logIn(String name, String password) {
    return logIn.logIn(name, password, "192.0.2.1", "test");
  }

  private SkepException refused(String name, String password) {
    return People.refused(() -> logIn(name, password));
  }
}
