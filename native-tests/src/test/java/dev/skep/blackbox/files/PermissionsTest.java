package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /nodes/{id}/permissions}: who may do what, from the next request on. */
@BlackBox
final class PermissionsTest {

  private final People people;
  private final Client anna;
  private final Client bert;
  private Folder folder;
  private String file;

  PermissionsTest(Skep skep) {
    people = new People(skep);
    anna = people.person("anna");
    bert = people.person("bert");
  }

  @BeforeEach
  void aFolderWithAFile() {
    folder = Folder.fresh(anna);
    file = anna.put(folder.file("some.txt"), "content").is(201).id();
  }

  private Answer grant(String node, String subject, String... rights) {
    return anna.putJson("/nodes/" + node + "/permissions/" + subject, People.rights(rights));
  }

  private Answer withdraw(String node, String subject) {
    return anna.delete("/nodes/" + node + "/permissions/" + subject);
  }

  private String bertsContent() {
    return "/nodes/" + file + "/content";
  }

  @Test
  void aRightOpensAndItsWithdrawalClosesTheNextRequest() {
    String subject = "user:" + bert.user();
    bert.get(bertsContent()).isProblem(404, "not-found");

    Answer made = grant(folder.id(), subject, "read").is(201);
    assertThat(made.fields()).contains("subject", "rights", "from");
    assertThat(made.text("from")).isEqualTo(folder.id());
    assertThat(made.header("Location")).contains("/permissions/");
    bert.get(bertsContent()).is(200);
    bert.put(bertsContent(), "x").isProblem(403, "forbidden");

    grant(folder.id(), subject, "read", "write").is(200);
    bert.put(bertsContent(), "by bert").is(200);

    withdraw(folder.id(), subject).is(204);
    bert.get(bertsContent()).isProblem(404, "not-found");
    withdraw(folder.id(), subject).isProblem(404, "not-found");
  }

  @Test
  void aCursorIsItsPersonsAloneAndNamesNothing() {
    grant(folder.id(), "user:" + bert.user(), "read").is(201);
    anna.put(folder.file("some-more.txt"), "content").is(201);
    String list = "/nodes/" + folder.id() + "/children?limit=1";
    String cursor = anna.get(list).is(200).text("nextCursor");
    String bytes = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);

    assertThat(cursor + bytes).doesNotContain("some");
    bert.get(list + "&cursor=" + cursor).isProblem(400, "bad-cursor");
    assertThat(anna.get(list + "&cursor=" + cursor).is(200).items("name"))
        .containsExactly("some.txt");
    String his = bert.get(list).is(200).text("nextCursor");
    assertThat(bert.get(list + "&cursor=" + his).is(200).items("name")).containsExactly("some.txt");
  }

  @Test
  void anEmptyEntryEndsInheritance() {
    String subject = "user:" + bert.user();
    grant(folder.id(), subject, "read").is(201);
    bert.get(bertsContent()).is(200);

    grant(file, subject).is(201);

    bert.get(bertsContent()).isProblem(404, "not-found");
    assertThat(bert.get("/nodes/" + folder.id() + "/children").is(200).items("name")).isEmpty();
    withdraw(file, subject).is(204);
    bert.get(bertsContent()).is(200);
  }

  @Test
  void aMemberTakenOutOfAGroupIsRefusedAtTheNextRequest() {
    String inner = people.group("inner", "user:" + bert.user());
    String outer = people.group("outer", "group:" + inner);
    grant(folder.id(), "group:" + outer, "read").is(201);
    bert.get(bertsContent()).is(200);

    people.admin().delete("/groups/" + outer + "/members/group:" + inner).is(204);
    bert.get(bertsContent()).isProblem(404, "not-found");
    people.admin().request("PUT", "/groups/" + outer + "/members/group:" + inner).send().is(204);
    bert.get(bertsContent()).is(200);
    people.admin().delete("/groups/" + inner + "/members/user:" + bert.user()).is(204);
    bert.get(bertsContent()).isProblem(404, "not-found");
  }

  @Test
  void everyoneIsEverybodyWhoIsLoggedIn() {
    grant(file, "everyone", "read").is(201);
    bert.get(bertsContent()).is(200);
    anna.skep().nobody().get(bertsContent()).isProblem(401, "unauthenticated");
    grant(file, "user:" + bert.user()).is(201);
    bert.get(bertsContent()).isProblem(404, "not-found");
  }

  @Test
  void tellsOwnInheritedAndEffectiveRights() {
    grant(folder.id(), "user:" + bert.user(), "read").is(201);
    grant(file, "everyone", "read").is(201);

    Answer seen = anna.get("/nodes/" + file + "/permissions").is(200);

    assertThat(seen.fields()).containsExactlyInAnyOrder("own", "inherited", "effective");
    assertThat(seen.json().path("own").findValuesAsText("subject")).containsExactly("everyone");
    assertThat(seen.json().path("own").findValuesAsText("from")).containsExactly(file);
    assertThat(seen.json().path("inherited").findValuesAsText("subject"))
        .containsExactlyInAnyOrder("user:" + anna.user(), "user:" + bert.user());
    assertThat(seen.json().path("inherited").findValuesAsText("from")).contains(folder.id());
    assertThat(seen.json().path("effective").toString())
        .isEqualTo("[\"read\",\"write\",\"delete\",\"share\",\"admin\"]");
  }

  @Test
  void nobodyGrantsMoreThanHeHolds() {
    grant(folder.id(), "user:" + bert.user(), "read", "share").is(201);
    Client carl = people.person("carl");
    String path = "/nodes/" + file + "/permissions/user:" + carl.user();
    String before = anna.get("/nodes/" + file + "/permissions").text();

    bert.putJson(path, People.rights("read", "write")).isProblem(403, "forbidden");
    assertThat(anna.get("/nodes/" + file + "/permissions").text()).isEqualTo(before);

    bert.putJson(path, People.rights("read")).is(201);
  }

  @Test
  void anAdministratorReadsContentOnlyThroughAnEntryThatHeGivesHimself() {
    Client admin = people.admin();
    admin.get(bertsContent()).isProblem(404, "not-found");
    admin.putJson("/nodes/" + file + "/permissions/user:admin", People.rights("read")).is(201);
    admin.get(bertsContent()).is(200);
    withdraw(file, "user:admin").is(204);
    admin.get(bertsContent()).isProblem(404, "not-found");
  }

  @Test
  void theOwnerOfAHomeCannotBeLockedOutOfIt() {
    String root = anna.get("/workspaces/home").text("rootId");
    String own = "user:" + anna.user();
    String before = anna.get("/nodes/" + root + "/permissions").text();
    grant(root, own, "read").isProblem(409, "last-admin");
    withdraw(root, own).isProblem(409, "last-admin");
    assertThat(anna.get("/nodes/" + root + "/permissions").text()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna",
        "user:",
        "people:staff",
        "user:NoSuch%20",
        "link:x",
        "everyone:x",
        "group:"
      })
  void aSubjectThatIsNoneIsRefused(String subject) {
    String before = anna.get("/nodes/" + file + "/permissions").text();
    assertThat(grant(file, subject, "read").status()).isIn(400, 404);
    assertThat(withdraw(file, subject).status()).isIn(400, 404);
    assertThat(anna.get("/nodes/" + file + "/permissions").text()).isEqualTo(before);
  }

  @Test
  void aSubjectThatIsNotThereIsNotFound() {
    grant(file, "user:nobody-of-this-name", "read").isProblem(404, "not-found");
    grant(file, "group:none-of-this-name", "read").isProblem(404, "not-found");
    withdraw(file, "nobody").is(400);
  }

  @Test
  void rightsThatAreNoneAreRefused() {
    String path = "/nodes/" + file + "/permissions/user:" + bert.user();
    for (String body :
        List.of(
            "{'rights':['fly']}",
            "{'rights':'read'}",
            "{'rights':[null]}",
            "{}",
            "{'rights':null}")) {
      anna.putJson(path, body).isProblem(400, "malformed");
    }
    bert.get(bertsContent()).is(404);
  }

  @Test
  void anEntryMayBeBoundToItsEtag() {
    String path = "/nodes/" + file + "/permissions/user:" + bert.user();
    String etag = grant(file, "user:" + bert.user(), "read").is(201).etag();
    anna.request("PUT", path).ifMatch(etag).json(People.rights("write")).send().is(200);
    anna.request("PUT", path)
        .ifMatch(etag)
        .json(People.rights("share"))
        .send()
        .isProblem(412, "precondition-failed");
    anna.request("PUT", path)
        .ifNoneMatch("*")
        .json(People.rights("share"))
        .send()
        .isProblem(412, "precondition-failed");
    anna.request("DELETE", path).ifMatch(etag).send().isProblem(412, "precondition-failed");
  }

  @Test
  void pathsBeginAtTheTopmostFolderThatTheCallerCanRead() {
    String slug = anna.get("/nodes/" + folder.id()).text("workspace");
    assertThat(slug).isEqualTo("home");
    grant(folder.id(), "user:" + bert.user(), "read").is(201);
    String path = bert.get("/nodes/" + file).is(200).text("path");
    assertThat(path).endsWith("/some.txt").doesNotContain("/home/");
    assertThat(bert.get("/workspaces").is(200).items("slug"))
        .anyMatch(it -> it.startsWith("home-"));
  }

  @Test
  void movingOutOfAProtectedFolderNeedsTheRightToShare() {
    Folder open = folder.folder("open");
    Folder closed = folder.folder("closed");
    String moved = anna.put(closed.file("moved.txt"), "x").is(201).id();
    Client carl = people.person("carl");
    grant(open.id(), "user:" + carl.user(), "read").is(201);
    for (String node : List.of(open.id(), closed.id())) {
      grant(node, "user:" + bert.user(), "read", "write", "delete").is(201);
    }
    bert.patch("/nodes/" + moved, "{'parentId':'" + open.id() + "'}").isProblem(403, "forbidden");
    carl.get("/nodes/" + moved).isProblem(404, "not-found");
    anna.patch("/nodes/" + moved, "{'parentId':'" + open.id() + "'}").is(200);
    carl.get("/nodes/" + moved).is(200);
  }
}
