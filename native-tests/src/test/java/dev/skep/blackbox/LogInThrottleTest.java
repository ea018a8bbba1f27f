package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Log-in is slowed down for who guesses; on a Skep of its own, since it counts by address too. */
final class LogInThrottleTest {

  @Test
  void whoGuessesIsToldWhenToComeBackAndOthersAreNotLockedOut() {
    try (Skep skep = Skep.start()) {
      People people = new People(skep);
      Client anna = people.person("anna");

      Answer refused = guess(() -> logIn(skep, anna.user(), "wrong"));
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
      logIn(skep, anna.user(), people.password()).isProblem(429, "too-many-requests");
      anna.get("/me").is(200);
      people.person("bert").get("/me").is(200);

      String path = "/users/" + anna.user() + "/password";
      anna.putJson(path, "{'password':'another long password','current':'wrong'}")
          .isProblem(429, "too-many-requests");
    }
  }

  private static Answer logIn(Skep skep, String user, String password) {
    return skep.nobody().post("/sessions", "{'name':'" + user + "','password':'" + password + "'}");
  }

  private static Answer guess(java.util.function.Supplier<Answer> attempt) {
    for (int n = 0; n < 100; n++) {
      Answer answer = attempt.get();
      if (answer.status() == 429) {
        return answer.isProblem(429, "too-many-requests");
      }
      answer.isProblem(401, "unauthenticated");
    }
    throw new AssertionError("a hundred wrong passwords in a row were all checked");
  }
}
