package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Skep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /nodes}: found, listed, renamed, moved, described and copied by id. */
@BlackBox
final class NodesTest {

  private final Client anna;
  private final String elsewhere;
  private Folder folder;

  NodesTest(Skep skep) {
    People people = new People(skep);
    anna = people.person("anna");
    String slug = people.workspace("elsewhere");
    elsewhere = people.root(slug);
    people.grant(elsewhere, "user:" + anna.user(), "read", "write");
  }

  @BeforeEach
  void anEmptyFolder() {
    folder = Folder.fresh(anna);
  }

  private Answer file(String name) {
    return anna.put(folder.file(name), name).is(201);
  }

  @Test
  void lookupFindsFilesAndFoldersByTheirPath() {
    Answer made = file("a/b.txt");

    Answer found = anna.get("/nodes/lookup?path=" + folder.place("a/b.txt")).is(200);
    assertThat(found.json()).isEqualTo(anna.get("/nodes/" + made.id()).is(200).json());
    String encoded = folder.place("a/b.txt").replace("/", "%2F");
    assertThat(anna.get("/nodes/lookup?path=" + encoded).is(200).id()).isEqualTo(made.id());
    assertThat(anna.get("/nodes/lookup?path=/home").is(200).json().has("parentId")).isFalse();
  }

  @Test
  void theEtagOfJsonChangesWithAllThatTheJsonShows() {
    Answer before = anna.get("/nodes/" + file("a/b.txt").id()).is(200);
    anna.patch(
            "/nodes/" + anna.get("/nodes/lookup?path=" + folder.place("a")).is(200).id(),
            "{'name':'renamed'}")
        .is(200);

    Answer after =
        anna.request("GET", "/nodes/" + before.id()).ifNoneMatch(before.etag()).send().is(200);

    assertThat(after.text("path")).endsWith("/renamed/b.txt");
    assertThat(after.text("revision")).isEqualTo(before.text("revision"));
    anna.request("GET", "/nodes/" + before.id()).ifNoneMatch(after.etag()).send().is(304);
  }

  @Test
  void ifMatchTakesTheEtagOfJsonAndTheRevision() {
    Answer node = anna.get("/nodes/" + file("b.txt").id()).is(200);
    String path = "/nodes/" + node.id();

    Answer tagged =
        anna.request("PATCH", path).ifMatch(node.etag()).json("{'tags':['a']}").send().is(200);
    anna.request("PATCH", path).ifMatch(node.etag()).json("{'tags':['b']}").send().is(412);
    String revision = "\"" + tagged.text("revision") + "\"";
    anna.request("PATCH", path).ifMatch(revision).json("{'tags':['c']}").send().is(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "not-an-id", "0190c2a4-7b6e-7f00-8000-0123456789AB", "%20"})
  void whatIsNoIdIsNotFound(String id) {
    anna.get("/nodes/" + id).isProblem(404, "not-found");
    anna.delete("/nodes/" + id).isProblem(404, "not-found");
    anna.get("/nodes/" + id + "/children").isProblem(404, "not-found");
  }

  @Test
  void childrenArePagedByNameToTheEnd() {
    List<String> made = new ArrayList<>();
    for (int n = 0; n < 25; n++) {
      made.add("f%02d".formatted(n));
      file(made.getLast());
    }
    List<String> read = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      Answer page =
          anna.get("/nodes/" + folder.id() + "/children?sort=name&limit=10" + cursor).is(200);
      assertThat(page.optionalHeader("ETag")).isEmpty();
      read.addAll(page.items("name"));
      cursor =
          page.json().has("nextCursor") ? "&cursor=" + page.json().get("nextCursor").asText() : "";
      pages++;
    } while (!cursor.isEmpty());
    assertThat(read).isEqualTo(made);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aCursorBelongsToItsFolder() {
    file("a");
    file("b");
    Folder other = folder.folder("other");
    String cursor =
        anna.get("/nodes/" + folder.id() + "/children?limit=1").is(200).text("nextCursor");
    anna.get("/nodes/" + other.id() + "/children?cursor=" + cursor).isProblem(400, "bad-cursor");
  }

  @Test
  void otherOrdersOfChildrenAreNotThereYet() {
    for (String sort : List.of("-modifiedAt", "size")) {
      anna.get("/nodes/" + folder.id() + "/children?sort=" + sort).isProblem(501, "not-available");
    }
    anna.get("/nodes/" + folder.id() + "/children?sort=age").isMalformed("sort");
  }

  @Test
  void aFileHasNoChildren() {
    String file = file("file").id();
    anna.get("/nodes/" + file + "/children").isProblem(409, "is-a-file");
    anna.post("/nodes/" + file + "/children", "{'name':'x'}").isProblem(409, "is-a-file");
  }

  @Test
  void postToChildrenMakesAFolderOnce() {
    Answer made = anna.post("/nodes/" + folder.id() + "/children", "{'name':'sub'}").is(201);
    assertThat(made.header("Location")).endsWith("/api/v1/nodes/" + made.id());
    assertThat(made.text("type")).isEqualTo("folder");
    assertThat(made.etag()).isEqualTo(anna.get("/nodes/" + made.id()).is(200).etag());
    String before = folder.state();

    anna.post("/nodes/" + folder.id() + "/children", "{'name':'sub'}").isProblem(409, "name-taken");
    anna.post("/nodes/" + folder.id() + "/children", "{}").isMalformed("/name");
    anna.post("/nodes/" + folder.id() + "/children", "{'name':null}").isMalformed("/name");
    anna.post("/nodes/" + folder.id() + "/children", "{'name':7}").isMalformed("/name");

    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void patchRenamesAndMovesInOneStep() {
    Answer made = file("old.txt");
    Folder target = folder.folder("target");

    Answer moved =
        anna.patch("/nodes/" + made.id(), "{'name':'new.txt','parentId':'" + target.id() + "'}")
            .is(200);

    assertThat(moved.text("path")).isEqualTo(folder.place("target/new.txt"));
    assertThat(anna.get(folder.file("target/new.txt")).is(200).text()).isEqualTo("old.txt");
    anna.get(folder.file("old.txt")).is(404);
  }

  @Test
  void aMediaTypeIsReadAlikeFromAHeaderAndFromJson() {
    String path = "/nodes/" + file("some.txt").id();
    for (String type : List.of("text/plain; charset=utf-8", "image/svg+xml")) {
      anna.patch(path, "{'mediaType':'" + type + "'}").is(200);
      anna.request("PUT", path + "/content").type(type).bytes(type.getBytes()).send().is(200);
      assertThat(anna.get(path).text("mediaType")).isEqualTo(type);
      assertThat(anna.get(path + "/content").header("Content-Type")).isEqualTo(type);
    }
    for (String wrong : List.of("text/plain; x", "text/plain;x=a b", "text/plain; x=\u00e9")) {
      anna.patch(path, "{'mediaType':'" + wrong + "'}").isMalformed("/mediaType");
      RawRequest.of(anna, "PUT", path + "/content")
          .header("Content-Type", wrong)
          .header("Content-Length", "0")
          .send()
          .isMalformed("Content-Type");
    }
  }

  @Test
  void aMediaTypeWithALineBreakNeverBecomesAHeader() {
    String path = "/nodes/" + file("some.txt").id();
    anna.patch(path, "{'mediaType':'text/plain;\\nx=b'}").isMalformed("/mediaType");
    anna.head(path + "/content").is(200);
    anna.get(path + "/content").is(200);
  }

  @Test
  void patchDescribesByMergePatch() {
    Answer made = file("some.txt");
    String path = "/nodes/" + made.id();
    anna.patch(path, "{'tags':['a','b'],'metadata':{'k':{'x':1,'y':2}},'mediaType':'text/x'}")
        .is(200);

    Answer changed = anna.patch(path, "{'metadata':{'k':{'x':null,'z':3}}}").is(200);

    assertThat(changed.json().path("metadata").toString()).isEqualTo("{\"k\":{\"y\":2,\"z\":3}}");
    assertThat(changed.json().path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(changed.text("mediaType")).isEqualTo("text/x");
    assertThat(anna.patch(path, "{'tags':null,'metadata':null}").is(200).json().path("tags"))
        .isEmpty();
    assertThat(
            anna.request("PATCH", path)
                .type("application/merge-patch+json")
                .text("{\"tags\":[\"c\"]}")
                .send()
                .is(200)
                .json()
                .path("tags")
                .toString())
        .isEqualTo("[\"c\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':7}=/name", "{'name':null}=/name", "{'parentId':'x'}=/parentId",
        "{'parentId':true}=/parentId", "{'tags':'a'}=/tags", "{'tags':[1]}=/tags/0",
        "{'metadata':[]}=/metadata", "{'mediaType':'x'}=/mediaType", "{'size':1}=/size",
        "{'id':'x'}=/id", "{'revision':1}=/revision", "{'rights':[]}=/rights"
      })
  void patchNamesTheFieldThatIsWrong(String bodyAndPointer) {
    Answer made = file("some.txt");
    String before = folder.state();
    int at = bodyAndPointer.lastIndexOf('=');
    anna.patch("/nodes/" + made.id(), bodyAndPointer.substring(0, at))
        .isMalformed(bodyAndPointer.substring(at + 1));
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void theEtagOfANodeIsItsRevision() {
    Answer made = file("some.txt");
    String path = "/nodes/" + made.id();
    String etag = anna.get(path).is(200).etag();

    anna.request("PATCH", path).ifMatch(etag).json("{'tags':['x']}").send().is(200);
    String before = folder.state();
    anna.request("PATCH", path)
        .ifMatch(etag)
        .json("{'tags':['y']}")
        .send()
        .isProblem(412, "precondition-failed");
    anna.request("DELETE", path).ifMatch(etag).send().isProblem(412, "precondition-failed");

    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void aFoldersRevisionDoesNotChangeWithItsChildren() {
    String etag = anna.get("/nodes/" + folder.id()).etag();
    file("some.txt");
    assertThat(anna.get("/nodes/" + folder.id()).etag()).isEqualTo(etag);
  }

  @Test
  void aFolderIsNotMovedIntoItself() {
    Folder outer = folder.folder("outer");
    Folder inner = outer.folder("inner");
    String before = folder.state();
    for (String target : List.of(outer.id(), inner.id())) {
      anna.patch("/nodes/" + outer.id(), "{'parentId':'" + target + "'}")
          .isProblem(409, "into-itself");
    }
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void nothingIsMovedOntoANameThatIsTakenNorIntoAFile() {
    String a = file("a").id();
    String b = file("b").id();
    String before = folder.state();
    anna.patch("/nodes/" + a, "{'name':'b'}").isProblem(409, "name-taken");
    anna.patch("/nodes/" + a, "{'parentId':'" + b + "'}").isProblem(409, "is-a-file");
    anna.patch("/nodes/" + a, "{'parentId':'0190c2a4-7b6e-7f00-8000-0123456789ab'}")
        .isProblem(404, "not-found");
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void movingIntoAnotherWorkspaceIsNotThereYet() {
    String before = folder.state();
    anna.patch("/nodes/" + file("a").id(), "{'parentId':'" + elsewhere + "'}")
        .isProblem(501, "not-available");
    assertThat(folder.state()).contains("\"name\":\"a\"").isNotEqualTo(before);
  }

  @Test
  void theRootIsNeitherMovedNorDeleted() {
    String root = anna.get("/workspaces/home").text("rootId");
    anna.patch("/nodes/" + root, "{'name':'x'}").isProblem(403, "forbidden");
    anna.delete("/nodes/" + root).isProblem(403, "forbidden");
  }

  @Test
  void copyMakesAFileThatGoesItsOwnWay() {
    Answer made = file("some.txt");
    Answer copy =
        anna.post(
                "/nodes/" + made.id() + "/copy",
                "{'parentId':'" + folder.id() + "','name':'copy.txt'}")
            .is(201);
    assertThat(copy.header("Location")).endsWith("/api/v1/nodes/" + copy.id());
    anna.put(folder.file("some.txt"), "changed").is(200);

    assertThat(anna.get(folder.file("copy.txt")).text()).isEqualTo("some.txt");
    assertThat(
            anna.post("/nodes/" + made.id() + "/copy", "{'parentId':'" + elsewhere + "'}")
                .is(201)
                .text("name"))
        .isEqualTo("some.txt");
  }

  @Test
  void aCopyThatCannotBeIsRefused() {
    Answer made = file("some.txt");
    String before = folder.state();
    String path = "/nodes/" + made.id() + "/copy";
    anna.post(path, "{'parentId':'" + folder.id() + "'}").isProblem(409, "name-taken");
    anna.post(path, "{'parentId':'" + made.id() + "'}").isProblem(409, "is-a-file");
    anna.post(path, "{}").isMalformed("/parentId");
    anna.post(path, "{'parentId':'x'}").isMalformed("/parentId");
    anna.post("/nodes/" + folder.id() + "/copy", "{'parentId':'" + folder.id() + "','name':'c'}")
        .isProblem(501, "not-available");
    assertThat(folder.state()).isEqualTo(before);
  }
}
