package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /sessions}: log-in, the one place where a password is good, and log-out. */
@BlackBox
final class SessionsTest {

  private final People people;
  private final Skep skep;
  private Client anna;

  SessionsTest(Skep skep) {
    this.skep = skep;
    people = new People(skep);
  }

  @BeforeEach
  void somebody() {
    anna = people.person("anna");
  }

  @Test
  void aSecretIsShownOnceAndWorksBothAsBasicAndAsBearer() {
    Answer made = skep.as(anna.user(), people.password()).post("/sessions").is(201);

    assertThat(made.fields()).contains("id", "name", "createdAt", "expiresAt", "scopes", "token");
    assertThat(made.header("Location")).isEqualTo("/api/v1/sessions/" + made.id());
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    String secret = made.text("token");
    skep.as(anna.user(), secret).get("/me").is(200);
    skep.nobody().request("GET", "/me").header("Authorization", "Bearer " + secret).send().is(200);
    Answer listed = anna.get("/sessions").is(200);
    assertThat(listed.items("id")).contains(made.id());
    assertThat(listed.text()).doesNotContain(secret).doesNotContain("\"token\"");
  }

  @Test
  void thePasswordIsGoodForNothingElse() {
    skep.as(anna.user(), people.password()).get("/me").isProblem(401, "unauthenticated");
  }

  @Test
  void ASecretOfAnotherUserDoesNotLogIn() {
    skep.as("admin", anna.secret()).get("/me").isProblem(401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic",
        "Basic !!!",
        "Basic YQ==",
        "Bearer",
        "Bearer ",
        "Digest x",
        "Bearer a b",
        "x",
        "Basic //////8="
      })
  void aCredentialThatIsNoneIsRefused(String authorization) {
    skep.nobody()
        .request("GET", "/me")
        .header("Authorization", authorization)
        .send()
        .isProblem(401, "unauthenticated");
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreToldAlike() {
    Answer wrong =
        skep.nobody().post("/sessions", "{'name':'" + anna.user() + "','password':'wrong'}");
    Answer unknown = skep.nobody().post("/sessions", "{'name':'nobody','password':'wrong'}");
    wrong.isProblem(401, "unauthenticated");
    unknown.isProblem(401, "unauthenticated");
    assertThat(wrong.text("detail")).isEqualTo(unknown.text("detail"));
    skep.nobody().post("/sessions").isProblem(401, "unauthenticated");
    skep.nobody().post("/sessions", "{'name':'x'}").isMalformed("/password");
  }

  @Test
  void loggingOutEndsThisSessionOnly() {
    Client other = people.logIn(anna.user());
    anna.delete("/sessions/current").is(204);
    anna.get("/me").isProblem(401, "unauthenticated");
    other.get("/me").is(200);
  }

  @Test
  void aSessionIsEndedByItsId() {
    Client other = people.logIn(anna.user());
    Answer mine = anna.get("/sessions?limit=1").is(200);
    String next =
        anna.get("/sessions?limit=1&cursor=" + mine.text("nextCursor")).items("id").getFirst();
    anna.delete("/sessions/" + next).is(204);
    other.get("/me").isProblem(401, "unauthenticated");
    anna.delete("/sessions/" + next).isProblem(404, "not-found");
  }

  @Test
  void aForeignSessionIsNotFound() {
    Client bert = people.person("bert");
    String foreign = bert.get("/sessions").items("id").getFirst();
    anna.delete("/sessions/" + foreign).isProblem(404, "not-found");
    skep.admin().delete("/sessions/" + foreign).isProblem(404, "not-found");
    bert.get("/me").is(200);
  }
}
