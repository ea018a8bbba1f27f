package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /groups}: of users and of other groups. */
@BlackBox
final class GroupsTest {

  private final People people;
  private final Client admin;
  private final Client anna;

  GroupsTest(Skep skep) {
    people = new People(skep);
    admin = skep.admin();
    anna = people.person("anna");
  }

  @Test
  void aGroupHasMembersByTheirSubjects() {
    String inner = people.group("inner");
    String name = Names.fresh("staff");
    Answer made =
        admin
            .post(
                "/groups",
                "{'name':'"
                    + name
                    + "','displayName':'Staff','members':['user:"
                    + anna.user()
                    + "','group:"
                    + inner
                    + "']}")
            .is(201);

    assertThat(made.header("Location")).isEqualTo("/api/v1/groups/" + name);
    assertThat(made.fields()).contains("name", "displayName", "members");
    assertThat(made.json().path("members").toString())
        .isEqualTo("[\"group:" + inner + "\",\"user:" + anna.user() + "\"]");
    assertThat(admin.get("/groups/" + name).is(200).json()).isEqualTo(made.json());
    assertThat(admin.get("/groups?limit=1000").items("name")).contains(name);
  }

  @Test
  void membersComeAndGo() {
    String group = people.group("staff");
    String member = "/groups/" + group + "/members/user:" + anna.user();
    admin.request("PUT", member).send().is(204);
    admin.request("PUT", member).send().is(204);
    assertThat(admin.get("/groups/" + group).json().path("members")).hasSize(1);
    admin.delete(member).is(204);
    admin.delete(member).isProblem(404, "not-found");
    admin.patch("/groups/" + group, "{'members':['user:" + anna.user() + "']}").is(200);
    assertThat(anna.get("/me").json().path("groups").toString()).contains(group);
    admin.patch("/groups/" + group, "{'members':null}").is(200);
    assertThat(anna.get("/me").json().path("groups").toString()).doesNotContain(group);
  }

  @Test
  void aGroupNeverContainsItselfHoweverLongTheWay() {
    String c = people.group("c");
    String b = people.group("b", "group:" + c);
    String a = people.group("a", "group:" + b);
    String before = admin.get("/groups?limit=1000").text();
    for (String group : new String[] {a, b, c}) {
      admin
          .request("PUT", "/groups/" + c + "/members/group:" + group)
          .send()
          .isProblem(409, "group-cycle");
    }
    admin.patch("/groups/" + c, "{'members':['group:" + a + "']}").isProblem(409, "group-cycle");
    assertThat(admin.get("/groups?limit=1000").text()).isEqualTo(before);
  }

  @Test
  void aNameIsTakenOnce() {
    String group = people.group("staff");
    admin.post("/groups", "{'name':'" + group + "'}").isProblem(409, "name-taken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'Upper'}",
        "{'name':''}",
        "{}",
        "{'name':'ok1','members':['x']}",
        "{'name':'ok2','members':['user:no-such-user']}",
        "{'name':'ok3','members':'user:x'}",
        "{'name':'ok4','members':[null]}",
        "{'name':'ok5','displayName':' '}",
        "{'name':'ok6','members':['everyone']}",
        "{'name':'ok7','revision':1}"
      })
  void whatIsNoGroupIsRefused(String body) {
    String before = admin.get("/groups?limit=1000").text();
    admin.post("/groups", body).isProblem(400, "malformed");
    assertThat(admin.get("/groups?limit=1000").text()).isEqualTo(before);
  }

  @Test
  void aMemberThatIsNoneIsRefused() {
    String group = people.group("staff");
    for (String member : new String[] {"anna", "user:no-such", "group:", "everyone"}) {
      String path = "/groups/" + group + "/members/" + member;
      admin.request("PUT", path).send().isProblem(404, "not-found");
      admin.delete(path).isProblem(404, "not-found");
    }
    assertThat(admin.get("/groups/" + group).json().path("members")).isEmpty();
  }

  @Test
  void aRemovedGroupGivesNothingAnyMore() {
    String group = people.group("staff", "user:" + anna.user());
    Client bert = people.person("bert");
    String file = bert.put("/files/home/shared", "x").is(201).id();
    bert.putJson("/nodes/" + file + "/permissions/group:" + group, People.rights("read")).is(201);
    anna.get("/nodes/" + file + "/content").is(200);

    admin.delete("/groups/" + group).is(204);

    anna.get("/nodes/" + file + "/content").isProblem(404, "not-found");
    admin.get("/groups/" + group).isProblem(404, "not-found");
  }

  @Test
  void anEtagBindsAChange() {
    String group = people.group("staff");
    String path = "/groups/" + group;
    String etag = admin.get(path).etag();
    admin.request("PATCH", path).ifMatch(etag).json("{'displayName':'A'}").send().is(200);
    admin
        .request("PATCH", path)
        .ifMatch(etag)
        .json("{'displayName':'B'}")
        .send()
        .isProblem(412, "precondition-failed");
  }

  @Test
  void theLastWhoAdministersAWorkspaceStaysInTheGroupThatMakesThem() {
    Client carl = people.person("carl");
    String group = people.group("admins", "user:" + carl.user());
    String root = people.root(people.workspace("team"));
    people.grant(root, "group:" + group, "read", "write", "delete", "share", "admin");
    admin.delete("/nodes/" + root + "/permissions/user:admin").is(204);

    admin.delete("/groups/" + group + "/members/user:" + carl.user()).isProblem(409, "last-admin");
    admin.delete("/groups/" + group).isProblem(409, "last-admin");
    admin.delete("/users/" + carl.user()).isProblem(409, "last-admin");

    carl.get("/nodes/" + root + "/children").is(200);
  }
}
