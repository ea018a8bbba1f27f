package dev.skep.blackbox.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /workspaces}: those in which the caller holds any entry. */
@BlackBox
final class WorkspacesTest {

  private final People people;
  private final Client admin;
  private final Client anna;

  WorkspacesTest(Skep skep) {
    people = new People(skep);
    admin = skep.admin();
    anna = people.person("anna");
  }

  @Test
  void aSharedOneIsMadeWithARootThatCarriesThePermissions() {
    String slug = Names.fresh("team");
    Answer made =
        admin.post("/workspaces", "{'slug':'" + slug + "','name':'Team','quota':1000}").is(201);

    assertThat(made.header("Location")).isEqualTo("/api/v1/workspaces/" + slug);
    assertThat(made.fields()).contains("slug", "name", "rootId", "quota", "used", "createdAt");
    admin.put("/files/" + slug + "/a/b.txt", "x").is(201);
    anna.get("/files/" + slug + "/a/b.txt").isProblem(404, "not-found");
    anna.get("/workspaces/" + slug).isProblem(404, "not-found");
    people.grant(made.text("rootId"), "user:" + anna.user(), "read");
    anna.get("/files/" + slug + "/a/b.txt").is(200);
    assertThat(anna.get("/workspaces").items("slug")).contains("home", slug);
    assertThat(anna.get("/workspaces/" + slug).is(200).json().path("used").asLong()).isEqualTo(1);
  }

  @Test
  void theListIsPaged() {
    for (int n = 0; n < 3; n++) {
      people.grant(people.root(people.workspace("paged")), "user:" + anna.user(), "read");
    }
    List<String> read = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = anna.get("/workspaces?limit=1" + cursor).is(200);
      read.addAll(page.items("slug"));
      cursor =
          page.json().has("nextCursor") ? "&cursor=" + page.json().get("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(read).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(4).contains("home");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'slug':'home'", "'slug':'home-abc'", "'slug':'ab'", "'slug':'Upper'", "'slug':'a_b'",
        "'slug':'-ab'", "'slug':'ab-'", "'slug':'%s'", "'name':'x'", "'slug':'ok1','quota':-2",
        "'slug':'ok-2','name':' '", "'slug':'ok-3','used':1", "'slug':'ok-4','quota':'1'"
      })
  void whatIsNoWorkspaceIsRefused(String fields) {
    String before = admin.get("/workspaces?limit=1000").text();
    admin
        .post("/workspaces", "{" + fields.replace("%s", "a".repeat(64)) + "}")
        .isProblem(400, "malformed");
    assertThat(admin.get("/workspaces?limit=1000").text()).isEqualTo(before);
  }

  @Test
  void aSlugIsTakenOnceAndNeverChanges() {
    String slug = people.workspace("team");
    admin.post("/workspaces", "{'slug':'" + slug + "'}").isProblem(409, "name-taken");
    admin.patch("/workspaces/" + slug, "{'slug':'other'}").isMalformed("/slug");
  }

  @Test
  void nameAndQuotaChangeUnderAnEtag() {
    String slug = people.workspace("team");
    String path = "/workspaces/" + slug;
    String etag = admin.get(path).etag();
    Answer changed =
        admin.request("PATCH", path).ifMatch(etag).json("{'name':'New','quota':5}").send().is(200);
    assertThat(changed.text("name")).isEqualTo("New");
    admin.put("/files/" + slug + "/six", "123456").isProblem(507, "quota-exceeded");
    admin
        .request("PATCH", path)
        .ifMatch(etag)
        .json("{'name':'Newer'}")
        .send()
        .isProblem(412, "precondition-failed");
    admin.patch(path, "{'quota':-2}").isMalformed("/quota");
    admin.patch(path, "{'name':7}").isMalformed("/name");
  }

  @Test
  void onlyAnEmptySharedOneIsRemoved() {
    String slug = people.workspace("team");
    admin.put("/files/" + slug + "/some", "x").is(201);
    admin.delete("/workspaces/" + slug).isProblem(409, "not-empty");
    admin.delete("/files/" + slug + "/some").is(204);
    admin.delete("/workspaces/" + slug).isProblem(409, "not-empty");
    admin.delete("/workspaces/home").isProblem(403, "forbidden");

    String empty = people.workspace("empty");
    admin.delete("/workspaces/" + empty).is(204);
    admin.get("/workspaces/" + empty).isProblem(404, "not-found");
    admin.get("/files/" + empty + "/").isProblem(404, "not-found");
  }
}
