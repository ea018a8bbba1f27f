package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /users} and {@code /me}. */
@BlackBox
final class UsersTest {

  private final People people;
  private final Client admin;

  UsersTest(Skep skep) {
    people = new People(skep);
    admin = skep.admin();
  }

  @Test
  void aUserIsMadeWithAHome() {
    String name = Names.fresh("anna");
    Answer made =
        admin
            .post(
                "/users",
                "{'name':'"
                    + name
                    + "','displayName':'Anna Ä.','email':'anna@example.org','quota':1000,'password':'"
                    + people.password()
                    + "'}")
            .is(201);

    assertThat(made.header("Location")).endsWith("/api/v1/users/" + name);
    assertThat(made.fields())
        .contains(
            "name",
            "displayName",
            "email",
            "type",
            "admin",
            "disabled",
            "quota",
            "used",
            "createdAt")
        .doesNotContain("password");
    assertThat(made.text("type")).isEqualTo("person");
    assertThat(made.text("displayName")).isEqualTo("Anna Ä.");
    Client anna = people.logIn(name);
    assertThat(anna.get("/files/home/").is(200).items("id")).isEmpty();
    Answer home = anna.get("/workspaces/home").is(200);
    assertThat(home.text("slug")).isEqualTo("home");
    assertThat(home.json().path("quota").asLong()).isEqualTo(1000);
  }

  @Test
  void meTellsWhoTheCallerIs() {
    Client anna = people.person("anna");
    String inner = people.group("inner", "user:" + anna.user());
    String outer = people.group("outer", "group:" + inner);

    Answer me = anna.get("/me").is(200);

    assertThat(me.fields())
        .contains(
            "name",
            "displayName",
            "email",
            "type",
            "admin",
            "disabled",
            "quota",
            "used",
            "createdAt",
            "groups");
    assertThat(me.text("name")).isEqualTo(anna.user());
    assertThat(me.json().path("groups").toString()).contains(inner, outer);
  }

  @Test
  void othersSeeNameAndDisplayNameOnly() {
    Client anna = people.person("anna");
    Client bert = people.person("bert");
    assertThat(bert.get("/users/" + anna.user()).is(200).fields())
        .contains("name", "displayName", "type")
        .doesNotContain("email", "admin", "disabled", "quota", "used");
    assertThat(anna.get("/users/" + anna.user()).is(200).fields()).contains("email", "quota");
    assertThat(bert.get("/users?limit=1000").is(200).items("name")).contains(anna.user());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'name':'Upper'",
        "'name':''",
        "'name':'-x'",
        "'name':'a b'",
        "'name':'ä'",
        "'name':7",
        "'name':'%s'",
        "'displayName':'x'",
        "'name':'skep'",
        "'name':'ok1','displayName':''",
        "'name':'ok2','email':'none'",
        "'name':'ok3','quota':-2",
        "'name':'ok4','quota':1.5",
        "'name':'ok5','type':'robot'",
        "'name':'ok6','admin':'yes'",
        "'name':'ok7','password':'x'",
        "'name':'ok8','type':'service','password':'long enough for one'",
        "'name':'ok9','used':1",
        "'name':'ok10','quota':99999999999999999999",
        "'name':'ok11','displayName':'a\\u0000b'"
      })
  void whatIsNoUserIsRefused(String fields) {
    String before = admin.get("/users?limit=1000").text();
    admin
        .post("/users", "{" + fields.replace("%s", "a".repeat(65)) + "}")
        .isProblem(400, "malformed");
    assertThat(admin.get("/users?limit=1000").text()).isEqualTo(before);
  }

  @Test
  void aNameIsTakenOnce() {
    Client anna = people.person("anna");
    admin.post("/users", "{'name':'" + anna.user() + "'}").isProblem(409, "name-taken");
  }

  @Test
  void aUserChangesHisNameButNotHisRights() {
    Client anna = people.person("anna");
    String path = "/users/" + anna.user();
    anna.patch(path, "{'displayName':'Anna','email':'a@example.org'}").is(200);
    for (String change : new String[] {"{'admin':true}", "{'disabled':false}", "{'quota':1}"}) {
      anna.patch(path, change).isProblem(403, "forbidden");
    }
    anna.patch(path, "{'name':'other'}").isMalformed("/name");
    Answer after = anna.get(path);
    assertThat(after.text("displayName")).isEqualTo("Anna");
    assertThat(after.json().path("admin").asBoolean()).isFalse();
  }

  @Test
  void whatOthersGaveIsListedUntilItIsTakenBack() {
    Client anna = people.person("anna");
    Client bert = people.person("bert");
    anna.put("/files/home/private.txt", "x").is(201);
    String given = anna.put("/files/home/given.txt", "x").is(201).id();
    String byGroup = anna.put("/files/home/folder/of-group.txt", "x").is(201).id();
    String group = people.group("staff", "user:" + bert.user());
    String entry = "/nodes/" + given + "/permissions/user:" + bert.user();
    anna.putJson(entry, People.rights("read")).is(201);
    anna.putJson("/nodes/" + byGroup + "/permissions/group:" + group, People.rights("read"))
        .is(201);

    assertThat(names(bert)).contains("given.txt", "of-group.txt").doesNotContain("private.txt");
    anna.delete(entry).is(204);
    assertThat(names(bert)).contains("of-group.txt").doesNotContain("given.txt");
  }

  /** All pages: other tests give things to everyone. */
  private static List<String> names(Client client) {
    return client.items("/me/shared?limit=1000").stream()
        .map(node -> node.path("name").asText())
        .toList();
  }

  @Test
  void nullTakesAQuotaAway() {
    String path = "/users/" + people.person("anna").user();
    admin.patch(path, "{'quota':7}").is(200);
    assertThat(admin.patch(path, "{'quota':null}").is(200).json().path("quota").asInt())
        .isEqualTo(-1);
    String workspace = "/workspaces/" + people.workspace("team");
    admin.patch(workspace, "{'quota':7}").is(200);
    assertThat(admin.patch(workspace, "{'quota':null}").is(200).json().path("quota").asInt())
        .isEqualTo(-1);
  }

  @Test
  void aDisabledUserIsRefusedAtTheNextRequest() {
    Client anna = people.person("anna");
    anna.get("/me").is(200);
    admin.patch("/users/" + anna.user(), "{'disabled':true}").is(200);
    anna.get("/me").isProblem(401, "unauthenticated");
    admin.patch("/users/" + anna.user(), "{'disabled':false}").is(200);
    people.logIn(anna.user()).get("/me").is(200);
  }

  @Test
  void theLastAdministratorStays() {
    String before = admin.get("/users/admin").text();
    admin.patch("/users/admin", "{'admin':false}").isProblem(409, "last-admin");
    admin.patch("/users/admin", "{'disabled':true}").isProblem(409, "last-admin");
    admin.delete("/users/admin").is(409);
    assertThat(admin.get("/users/admin").text()).isEqualTo(before);
  }

  @Test
  void aUserWhoseHomeHoldsAnythingStays() {
    Client anna = people.person("anna");
    anna.put("/files/home/some", "x").is(201);
    admin.delete("/users/" + anna.user()).isProblem(409, "not-empty");
    anna.delete("/files/home/some").is(204);
    admin.delete("/users/" + anna.user()).isProblem(409, "not-empty");
    anna.get("/me").is(200);
    admin.delete("/users/" + anna.user() + "?transferTo=admin").isProblem(501, "not-available");
  }

  @Test
  void aRemovedUserIsGoneWithHisSessions() {
    Client anna = people.person("anna");
    admin.delete("/users/" + anna.user()).is(204);
    anna.get("/me").isProblem(401, "unauthenticated");
    admin.get("/users/" + anna.user()).isProblem(404, "not-found");
    admin.delete("/users/" + anna.user()).isProblem(404, "not-found");
  }

  @Test
  void anEtagBindsAChange() {
    Client anna = people.person("anna");
    String path = "/users/" + anna.user();
    String etag = admin.get(path).etag();
    admin.request("PATCH", path).ifMatch(etag).json("{'displayName':'A'}").send().is(200);
    admin
        .request("PATCH", path)
        .ifMatch(etag)
        .json("{'displayName':'B'}")
        .send()
        .isProblem(412, "precondition-failed");
    assertThat(admin.get(path).text("displayName")).isEqualTo("A");
  }

  @Test
  void aPasswordIsSetByItsOwnerWithTheCurrentOne() {
    Client anna = people.person("anna");
    String path = "/users/" + anna.user() + "/password";
    Client other = people.logIn(anna.user());
    anna.putJson(path, "{'password':'another long password'}").isMalformed("/current");
    anna.putJson(path, "{'password':'another long password','current':'wrong'}")
        .isProblem(403, "forbidden");
    anna.putJson(path, "{'password':'short','current':'" + people.password() + "'}")
        .isMalformed("/password");

    anna.putJson(path, "{'password':'another long password','current':'" + people.password() + "'}")
        .is(204);

    anna.get("/me").is(200);
    other.get("/me").isProblem(401, "unauthenticated");
    String old = "{'name':'" + anna.user() + "','password':'" + people.password() + "'}";
    anna.skep().nobody().post("/sessions", old).isProblem(401, "unauthenticated");
    admin.putJson(path, "{'password':'set by the admin'}").is(204);
    anna.get("/me").isProblem(401, "unauthenticated");
  }
}
