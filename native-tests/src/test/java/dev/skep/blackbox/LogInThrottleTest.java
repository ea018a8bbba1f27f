package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Log-in is slowed down for who guesses; on a Skep of its own, since it counts by address too. */
final class LogInThrottleTest {

  private static final int FAILURES_OF_USER = 10;

  @Test
  void whoGuessesIsToldWhenToComeBackAndOthersAreNotLockedOut() {
    try (Skep skep = Skep.start()) {
      People people = new People(skep);
      Client anna = people.person("anna");

      Answer refused = guess(() -> logIn(skep, anna.user(), "wrong", "203.0.113.1"));
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
      // From whom it is not trusted, another address in a header changes nothing.
      logIn(skep, anna.user(), people.password(), "203.0.113.2")
          .isProblem(429, "too-many-requests");
      anna.get("/me").is(200);
      people.person("bert").get("/me").is(200);

      String path = "/users/" + anna.user() + "/password";
      anna.putJson(path, "{'password':'another long password','current':'wrong'}")
          .isProblem(429, "too-many-requests");
    }
  }

  @Test
  void clientsBehindATrustedProxyAreToldApart() {
    try (Skep skep =
        Skep.on(Skep.newFolder("skep-data")).with("SKEP_TRUSTED_PROXIES", "127.0.0.1").start()) {
      String password = skep.adminFile("password");
      for (int n = 0; n < FAILURES_OF_USER; n++) {
        logIn(skep, "admin", "wrong", "6.6.6." + n + ", 203.0.113.1")
            .isProblem(401, "unauthenticated");
      }
      logIn(skep, "admin", password, "6.6.6.6, 203.0.113.1").isProblem(429, "too-many-requests");
      logIn(skep, "admin", password, "203.0.113.2").is(201);
    }
  }

  @Test
  void nginxTellsItsClientsApart() throws Exception {
    try (Skep skep =
            Skep.on(Skep.newFolder("skep-data")).with("SKEP_TRUSTED_PROXIES", "127.0.0.1").start();
        Nginx nginx = Nginx.before(skep)) {
      String password = skep.adminFile("password");
      for (int n = 0; n < FAILURES_OF_USER; n++) {
        assertThat(logIn(nginx, "127.0.0.2", "wrong " + n)).isEqualTo(401);
      }
      assertThat(logIn(nginx, "127.0.0.2", password)).isEqualTo(429);
      assertThat(logIn(nginx, "127.0.0.3", password)).isEqualTo(201);
    }
  }

  private static Answer logIn(Skep skep, String user, String password, String forwardedFor) {
    return skep.nobody()
        .request("POST", "/sessions")
        .json("{'name':'" + user + "','password':'" + password + "'}")
        .header("X-Forwarded-For", forwardedFor)
        .send();
  }

  /** Of admin, from this address of the machine. */
  private static int logIn(Nginx nginx, String from, String password)
      throws IOException, InterruptedException {
    URI sessions = nginx.base().resolve("/api/v1/sessions");
    HttpRequest request =
        HttpRequest.newBuilder(sessions)
            .header("Authorization", "Basic " + Client.basic("admin", password))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .localAddress(InetAddress.ofLiteral(from))
            .build()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static Answer guess(Supplier<Answer> attempt) {
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
