package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /tokens}: for programs, with an end and with scopes. */
@BlackBox
final class TokensTest {

  private final People people;
  private final Skep skep;
  private Client anna;

  TokensTest(Skep skep) {
    this.skep = skep;
    people = new People(skep);
  }

  @BeforeEach
  void somebodyWithFiles() {
    anna = people.person("anna");
    anna.put("/files/home/docs/in.txt", "in").is(201);
    anna.put("/files/home/other/out.txt", "out").is(201);
  }

  private Client token(String fields) {
    Answer made = anna.post("/tokens", "{'name':'a token'" + fields + "}").is(201);
    return skep.as(anna.user(), made.text("token"));
  }

  private static String scope(String path, String... rights) {
    return ",'scopes':[{'path':'" + path + "'," + People.rights(rights).substring(1) + "]";
  }

  @Test
  void aTokenIsShownOnceAndListedWithoutItsSecret() {
    Answer made = anna.post("/tokens", "{'name':'backup'}").is(201);

    assertThat(made.fields()).contains("id", "name", "createdAt", "expiresAt", "scopes", "token");
    assertThat(made.header("Location")).endsWith("/api/v1/tokens/" + made.id());
    assertThat(skep.as(anna.user(), made.text("token")).get("/me").is(200).text("name"))
        .isEqualTo(anna.user());
    Answer listed = anna.get("/tokens").is(200);
    assertThat(listed.items("name")).containsExactly("backup");
    assertThat(listed.text()).doesNotContain(made.text("token"));
  }

  @Test
  void itsLastUseIsToldSoonAfterwards() throws InterruptedException {
    token("").get("/me").is(200);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!anna.get("/tokens").json().at("/items/0").has("lastUsedAt")) {
      assertThat(System.nanoTime()).as("lastUsedAt within 20 seconds").isLessThan(end);
      Thread.sleep(50);
    }
  }

  @Test
  void itIsNoSessionThatCouldBeEnded() {
    token("").delete("/sessions/current").isProblem(404, "not-found");
  }

  @Test
  void withinItsScopeItOpensContentWithItsRights() {
    Client reader = token(scope("/home/docs", "read"));

    assertThat(reader.get("/files/home/docs/in.txt").is(200).text()).isEqualTo("in");
    assertThat(reader.get("/files/home/docs/").is(200).items("name")).containsExactly("in.txt");
    reader.put("/files/home/docs/in.txt", "changed").isProblem(403, "forbidden");
    reader.delete("/files/home/docs/in.txt").isProblem(403, "forbidden");
    Client writer = token(scope("/home/docs", "read", "write"));
    writer.put("/files/home/docs/new.txt", "new").is(201);
    assertThat(writer.get("/nodes/lookup?path=/home/docs/new.txt").json().path("rights").toString())
        .isEqualTo("[\"read\",\"write\"]");
  }

  @Test
  void outsideItsScopeNothingIsThere() {
    Client scoped = token(scope("/home/docs", "read", "write"));
    String out = anna.get("/nodes/lookup?path=/home/other/out.txt").id();
    scoped.get("/files/home/other/out.txt").isProblem(404, "not-found");
    scoped.get("/nodes/" + out).isProblem(404, "not-found");
    scoped.put("/files/home/other/new.txt", "x").isProblem(404, "not-found");
    scoped.get("/files/home/").isProblem(404, "not-found");
    anna.get("/files/home/other/new.txt").is(404);
  }

  @Test
  void withScopesItOpensContentAndMeOnly() {
    Client scoped = token(scope("/home", "read", "write", "delete", "share", "admin"));
    scoped.get("/me").is(200);
    scoped.get("/files/home/docs/in.txt").is(200);
    for (String path : new String[] {"/users", "/groups", "/sessions", "/tokens", "/settings"}) {
      scoped.get(path).isProblem(403, "forbidden");
    }
    scoped.post("/tokens", "{'name':'more'}").isProblem(403, "forbidden");
    scoped.delete("/sessions/current").is(403);
    assertThat(anna.get("/tokens").items("name")).hasSize(1);
  }

  @Test
  void aScopeGivesNoMoreThanItsOwnerHas() {
    Client bert = people.person("bert");
    String docs = anna.get("/nodes/lookup?path=/home/docs").id();
    anna.putJson("/nodes/" + docs + "/permissions/user:" + bert.user(), People.rights("read"))
        .is(201);
    String slug = bert.get("/nodes/" + docs).is(200).text("workspace");
    String path = "/" + slug + "/docs";
    Answer made = bert.post("/tokens", "{'name':'t'" + scope(path, "read", "write") + "}").is(201);
    Client token = skep.as(bert.user(), made.text("token"));
    token.get("/files" + path + "/in.txt").is(200);
    token.put("/files" + path + "/in.txt", "x").isProblem(403, "forbidden");
    anna.delete("/nodes/" + docs + "/permissions/user:" + bert.user()).is(204);
    token.get("/files" + path + "/in.txt").isProblem(404, "not-found");
  }

  @Test
  void aScopeFollowsItsFolder() {
    Client scoped = token(scope("/home/docs", "read"));
    String docs = anna.get("/nodes/lookup?path=/home/docs").id();
    anna.patch("/nodes/" + docs, "{'name':'renamed'}").is(200);
    scoped.get("/files/home/renamed/in.txt").is(200);
  }

  @Test
  void aRevokedTokenIsRefusedAtTheNextRequest() {
    Client token = token("");
    token.get("/me").is(200);
    anna.delete("/tokens/" + anna.get("/tokens").items("id").getFirst()).is(204);
    token.get("/me").isProblem(401, "unauthenticated");
  }

  @Test
  void anExpiredTokenIsRefused() throws InterruptedException {
    Instant end = Instant.now().plusSeconds(2);
    Client token = token(",'expiresAt':'" + end + "'");
    token.get("/me").is(200);
    Thread.sleep(Duration.between(Instant.now(), end).plusMillis(200));
    token.get("/me").isProblem(401, "unauthenticated");
  }

  @Test
  void aForeignTokenIsNotFound() {
    Client bert = people.person("bert");
    String id = anna.post("/tokens", "{'name':'t'}").is(201).id();
    bert.delete("/tokens/" + id).isProblem(404, "not-found");
    skep.admin().delete("/tokens/" + id).isProblem(404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'name':''",
        "'scopes':null",
        "'name':'t','scopes':[]",
        "'name':'t','scopes':[null]",
        "'name':'t','scopes':[{'path':'/home'}]",
        "'name':'t','scopes':[{'rights':['read']}]",
        "'name':'t','scopes':[{'path':'home','rights':['read']}]",
        "'name':'t','scopes':[{'path':'/home','rights':[]}]",
        "'name':'t','scopes':[{'path':'/home','rights':['fly']}]",
        "'name':'t','expiresAt':'2020-01-01T00:00:00Z'",
        "'name':'t','expiresAt':'tomorrow'",
        "'name':'t','expiresAt':'2999-01-01T00:00:00Z'",
        "'name':'t','token':'chosen'"
      })
  void whatIsNoTokenIsRefused(String fields) {
    anna.post("/tokens", "{" + fields + "}").isProblem(400, "malformed");
    assertThat(anna.get("/tokens").items("id")).isEmpty();
  }

  @Test
  void aScopeOfWhatIsNotThereIsNotFound() {
    for (String path : new String[] {"/home/nothing", "/no-such-workspace/x"}) {
      anna.post("/tokens", "{'name':'t'" + scope(path, "read") + "}").isProblem(404, "not-found");
    }
    assertThat(anna.get("/tokens").items("id")).isEmpty();
  }

  @Test
  void anAdministratorListsAndRevokesThoseOfAPerson() {
    Client token = token(scope("/home/docs", "read"));
    String path = "/users/" + anna.user() + "/tokens";
    Answer listed = skep.admin().get(path).is(200);
    assertThat(listed.items("name")).containsExactly("a token");
    assertThat(listed.text()).doesNotContain(token.secret()).doesNotContain("docs");
    anna.get(path).isProblem(403, "forbidden");

    String id = listed.items("id").getFirst();
    anna.delete(path + "/" + id).isProblem(403, "forbidden");
    skep.admin().delete("/users/admin/tokens/" + id).isProblem(404, "not-found");
    skep.admin().delete(path + "/" + id).is(204);
    token.get("/files/home/docs/in.txt").isProblem(401, "unauthenticated");
    skep.admin().delete(path + "/" + id).isProblem(404, "not-found");
  }

  @Test
  void aTokenMakesNoOther() {
    token("").post("/tokens", "{'name':'another'}").isProblem(403, "forbidden");
    assertThat(anna.get("/tokens").items("name")).containsExactly("a token");
  }

  @Test
  void disablingAndAPasswordByAnAdministratorEndTokensForGood() {
    Client token = token("");
    String user = "/users/" + anna.user();
    skep.admin().patch(user, "{'disabled':true}").is(200);
    skep.admin().patch(user, "{'disabled':false}").is(200);
    token.get("/me").isProblem(401, "unauthenticated");
    anna.get("/me").isProblem(401, "unauthenticated");

    anna = people.logIn(anna.user());
    Client second = token("");
    skep.admin().putJson(user + "/password", "{'password':'given by an admin'}").is(204);
    second.get("/me").isProblem(401, "unauthenticated");
    anna.get("/me").isProblem(401, "unauthenticated");
  }

  @Test
  void aServiceAccountHasTokensFromAnAdministratorOnly() {
    String robot = Names.fresh("robot");
    Client admin = skep.admin();
    admin.post("/users", "{'name':'" + robot + "','type':'service'}").is(201);
    Answer made = admin.post("/tokens", "{'name':'t','user':'" + robot + "'}").is(201);
    assertThat(skep.as(robot, made.text("token")).get("/me").is(200).text("type"))
        .isEqualTo("service");
    assertThat(admin.get("/tokens?user=" + robot).items("id")).containsExactly(made.id());
    anna.get("/tokens?user=" + robot).isProblem(403, "forbidden");
    anna.post("/tokens", "{'name':'t','user':'" + robot + "'}").isProblem(403, "forbidden");
    admin.get("/tokens?user=" + anna.user()).isProblem(403, "forbidden");
    admin.get("/tokens?user=no-such").isMalformed("user");
    admin.delete("/tokens/" + made.id()).is(204);
  }
}
