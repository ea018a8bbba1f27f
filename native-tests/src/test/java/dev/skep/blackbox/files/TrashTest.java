package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /trash}: what was deleted, the way back, and the end. */
@BlackBox
final class TrashTest {

  private static final String HOME = "/trash?workspace=home";

  private final People people;
  private Client anna;
  private Folder folder;

  TrashTest(Skep skep) {
    people = new People(skep);
  }

  @BeforeEach
  void anEmptyTrash() {
    anna = people.person("anna");
    folder = Folder.fresh(anna);
  }

  private String trashed(String name) {
    String id = anna.put(folder.file(name), name).is(201).id();
    anna.delete("/nodes/" + id).is(204);
    return id;
  }

  @Test
  void tellsWhatWasWhereAndWhoDeletedIt() {
    String id = trashed("gone.txt");

    Answer trash = anna.get(HOME).is(200);

    assertThat(trash.items("id")).containsExactly(id);
    assertThat(trash.items("name")).containsExactly("gone.txt");
    assertThat(trash.items("path")).containsExactly(folder.place("gone.txt"));
    assertThat(trash.items("deletedBy")).containsExactly(anna.user());
    assertThat(trash.json().at("/items/0").fieldNames())
        .toIterable()
        .contains("id", "name", "path", "type", "size", "deletedAt", "deletedBy");
  }

  @Test
  void isPaged() {
    List<String> ids = List.of(trashed("a"), trashed("b"), trashed("c"));
    Answer first = anna.get(HOME + "&limit=2").is(200);
    Answer last = anna.get(HOME + "&limit=2&cursor=" + first.text("nextCursor")).is(200);
    assertThat(first.items("id")).hasSize(2);
    assertThat(last.items("id")).hasSize(1);
    assertThat(ids).containsAll(first.items("id")).containsAll(last.items("id"));
  }

  @Test
  void needsAWorkspace() {
    anna.get("/trash").isMalformed("workspace");
    anna.delete("/trash").isMalformed("workspace");
  }

  @Test
  void restoresAFolderWithAllBelowToTheOldPlace() {
    Folder sub = folder.folder("sub");
    anna.put(sub.file("below.txt"), "below").is(201);
    anna.delete("/nodes/" + sub.id()).is(204);
    anna.get(sub.file("below.txt")).is(404);

    Answer back = anna.post("/trash/" + sub.id() + "/restore").is(200);

    assertThat(back.text("path")).isEqualTo(folder.place("sub"));
    assertThat(anna.get(sub.file("below.txt")).is(200).text()).isEqualTo("below");
    assertThat(anna.get(HOME).items("id")).isEmpty();
  }

  @Test
  void restoresToAnotherPlaceUnderAnotherName() {
    Folder other = Folder.fresh(anna);
    String id = trashed("gone.txt");
    anna.post("/trash/" + id + "/restore", "{'parentId':'" + other.id() + "','name':'back.txt'}")
        .is(200);
    assertThat(anna.get(other.file("back.txt")).text()).isEqualTo("gone.txt");
  }

  @Test
  void aPlaceThatIsGoneIsSaidToBe() {
    String id = trashed("gone.txt");
    anna.delete("/nodes/" + folder.id()).is(204);

    anna.post("/trash/" + id + "/restore").isProblem(409, "parent-gone");

    assertThat(anna.get(HOME).items("id")).contains(id);
  }

  @Test
  void aNameThatIsTakenAndAFileAsPlaceAreRefused() {
    String id = trashed("gone.txt");
    String file = anna.put(folder.file("gone.txt"), "new").is(201).id();
    String before = folder.state();

    anna.post("/trash/" + id + "/restore").isProblem(409, "name-taken");
    anna.post("/trash/" + id + "/restore", "{'parentId':'" + file + "','name':'x'}")
        .isProblem(409, "is-a-file");

    assertThat(folder.state()).isEqualTo(before);
    assertThat(anna.get(HOME).items("id")).containsExactly(id);
  }

  @Test
  void anotherWorkspaceIsNotThereYet() {
    String root = people.root(people.workspace("elsewhere"));
    people.grant(root, "user:" + anna.user(), "read", "write");
    anna.post("/trash/" + trashed("x") + "/restore", "{'parentId':'" + root + "'}")
        .isProblem(501, "not-available");
  }

  @Test
  void purgingIsForEver() {
    String id = trashed("gone.txt");
    String other = trashed("other.txt");

    anna.delete("/trash/" + id).is(204);

    anna.post("/trash/" + id + "/restore").isProblem(404, "not-found");
    anna.delete("/trash/" + id).isProblem(404, "not-found");
    assertThat(anna.get(HOME).items("id")).containsExactly(other);
    anna.delete(HOME).is(204);
    assertThat(anna.get(HOME).items("id")).isEmpty();
  }

  @Test
  void whoSeesAPartOfAWorkspaceSeesAndEmptiesHisPartOfItsTrash() {
    Client bert = people.person("bert");
    Client carl = people.person("carl");
    String slug = people.workspace("team");
    String root = people.root(slug);
    Client admin = people.admin();
    String part = admin.post("/nodes/" + root + "/children", "{'name':'part'}").is(201).id();
    String other = admin.post("/nodes/" + root + "/children", "{'name':'other'}").is(201).id();
    people.grant(part, "user:" + bert.user(), "read", "write", "delete");
    String his = bert.put("/files/" + slug + "/part/his", "x").is(201).id();
    String hidden = admin.put("/files/" + slug + "/other/hidden", "x").is(201).id();
    bert.delete("/nodes/" + his).is(204);
    admin.delete("/nodes/" + hidden).is(204);
    String trash = "/trash?workspace=" + slug;

    assertThat(bert.get(trash).is(200).items("id")).containsExactly(his);
    bert.delete(trash).is(204);
    assertThat(bert.get(trash).is(200).items("id")).isEmpty();
    assertThat(admin.get(trash).is(200).items("id")).containsExactly(hidden);

    people.grant(other, "user:" + bert.user());
    carl.get(trash).isProblem(404, "not-found");
    carl.delete(trash).isProblem(404, "not-found");
    carl.get("/trash?workspace=none").isProblem(404, "not-found");
  }

  @Test
  void whatIsEmptiedGivesItsQuotaBackWithinSeconds() throws InterruptedException {
    Client dora = people.person("dora");
    String id = dora.put("/files/home/big", "12345").is(201).id();
    dora.delete("/nodes/" + id).is(204);
    dora.delete(HOME).is(204);
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!dora.get("/workspaces/home").text("used").equals("0")) {
      assertThat(System.nanoTime()).as("still used").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  @Test
  void whatIsNotInTheTrashIsNotFoundThere() {
    String id = anna.put(folder.file("alive"), "x").is(201).id();
    anna.delete("/trash/" + id).isProblem(404, "not-found");
    anna.post("/trash/" + id + "/restore").isProblem(404, "not-found");
    anna.get("/nodes/" + id).is(200);
  }

  @Test
  void onlyOneWhoMaySeeAnItemFindsIt() {
    Client bert = people.person("bert");
    String id = trashed("secret");
    bert.post("/trash/" + id + "/restore").isProblem(404, "not-found");
    bert.delete("/trash/" + id).isProblem(404, "not-found");
  }

  @Test
  void aRestoreMayBeBoundToARevision() {
    String id = trashed("x");
    String revision = anna.get(HOME).json().at("/items/0/revision").asText();
    anna.request("POST", "/trash/" + id + "/restore")
        .ifMatch("\"" + revision + "\"")
        .send()
        .is(200);
  }
}
