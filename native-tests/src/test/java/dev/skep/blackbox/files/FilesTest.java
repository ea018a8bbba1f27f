package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Digests;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Protocol;
import dev.skep.blackbox.Skep;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /files/{workspace}/{path}}: bytes in and out by their path. */
@BlackBox
@ParameterizedClass
@EnumSource(Protocol.class)
final class FilesTest {

  @Parameter Protocol protocol;

  private final Client person;
  private Client anna;
  private Folder folder;

  FilesTest(Skep skep) {
    person = new People(skep).person("anna");
  }

  @BeforeParameterizedClassInvocation
  void over(Protocol used) {
    anna = person.over(used);
  }

  @BeforeEach
  void anEmptyFolder() {
    folder = Folder.fresh(anna);
  }

  @Test
  void putMakesTheFileAndItsParentsAndAnswersTheNode() {
    Answer made = anna.put(folder.file("a/b/c.txt"), "content").is(201);

    assertThat(made.fields())
        .containsExactlyInAnyOrder(
            "id",
            "workspace",
            "parentId",
            "name",
            "path",
            "type",
            "size",
            "mediaType",
            "sha256",
            "etag",
            "revision",
            "tags",
            "metadata",
            "createdAt",
            "createdBy",
            "modifiedAt",
            "modifiedBy",
            "rights");
    assertThat(made.text("name")).isEqualTo("c.txt");
    assertThat(made.text("path")).isEqualTo(folder.place("a/b/c.txt"));
    assertThat(made.text("type")).isEqualTo("file");
    assertThat(made.text("workspace")).isEqualTo("home");
    assertThat(made.json().path("size").asLong()).isEqualTo(7);
    assertThat(made.text("mediaType")).isEqualTo("text/plain");
    assertThat(made.text("sha256")).isEqualTo(Digests.hex("content"));
    assertThat(made.text("createdBy")).isEqualTo(anna.user());
    assertThat(made.etag()).isEqualTo("\"" + made.text("etag") + "\"");
    assertThat(made.json().path("rights").findValuesAsText("")).isEmpty();
    assertThat(made.json().path("rights").toString())
        .contains("read", "write", "delete", "share", "admin");
  }

  @Test
  void aFileComesBackAsItWasSent() {
    byte[] content = new byte[200_001];
    for (int at = 0; at < content.length; at++) {
      content[at] = (byte) (at * 31 >> 3);
    }
    Answer stored = anna.put(folder.file("some.bin"), content).is(201);

    Answer read = anna.get(folder.file("some.bin")).is(200);
    assertThat(read.body()).isEqualTo(content);
    assertThat(read.etag()).isEqualTo(stored.etag());
    assertThat(read.header("Repr-Digest")).isEqualTo(Digests.header(content));
    assertThat(read.header("Content-Length")).isEqualTo("200001");
    assertThat(read.header("Content-Disposition")).startsWith("attachment");
    assertThat(read.header("Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void headAnswersTheHeadersOfGetWithoutTheBody() {
    anna.put(folder.file("some.txt"), "content").is(201);

    Answer get = anna.get(folder.file("some.txt")).is(200);
    Answer head = anna.head(folder.file("some.txt")).is(200);
    assertThat(head.body()).isEmpty();
    for (String header :
        List.of("ETag", "Repr-Digest", "Content-Length", "Content-Type", "Content-Disposition")) {
      assertThat(head.header(header)).as(header).isEqualTo(get.header(header)).isNotEmpty();
    }
  }

  @Test
  void anEmptyFileAndOneOfUnknownLengthAreStoredWhole() {
    anna.put(folder.file("empty"), new byte[0]).is(201);
    anna.request("PUT", folder.file("chunked"))
        .chunked(() -> new ByteArrayInputStream("in chunks".getBytes(StandardCharsets.UTF_8)))
        .send()
        .is(201);

    assertThat(anna.get(folder.file("empty")).is(200).body()).isEmpty();
    assertThat(anna.get(folder.file("chunked")).is(200).text()).isEqualTo("in chunks");
  }

  @Test
  void overwritingKeepsTheOldContentAsAVersion() {
    Answer first = anna.put(folder.file("some.txt"), "one").is(201);
    Answer second = anna.put(folder.file("some.txt"), "two").is(200);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.etag()).isNotEqualTo(first.etag());
    assertThat(second.json().path("revision").asLong())
        .isGreaterThan(first.json().path("revision").asLong());
    assertThat(anna.get("/nodes/" + first.id() + "/versions").is(200).items("current"))
        .containsExactly("true", "false");
  }

  @Test
  void storingTheSameContentAgainChangesNothing() {
    Answer first = anna.put(folder.file("some.txt"), "same").is(201);
    String before = folder.state();

    Answer again = anna.put(folder.file("some.txt"), "same").is(200);

    assertThat(again.etag()).isEqualTo(first.etag());
    assertThat(folder.state()).isEqualTo(before);
    assertThat(anna.get("/nodes/" + first.id() + "/versions").items("id")).hasSize(1);
  }

  @Test
  void aTrailingSlashMakesAFolderAndListsIt() {
    Answer made = anna.put(folder.file("sub/"), new byte[0]).is(201);
    assertThat(made.text("type")).isEqualTo("folder");
    anna.put(folder.file("sub/"), new byte[0]).is(200);
    anna.put(folder.file("sub/b"), "b").is(201);
    anna.put(folder.file("sub/a"), "a").is(201);

    assertThat(anna.get(folder.file("sub/")).is(200).items("name")).containsExactly("a", "b");
    assertThat(anna.get(folder.file("sub")).is(200).items("name")).containsExactly("a", "b");
    assertThat(anna.head(folder.file("sub/")).is(200).body()).isEmpty();
    anna.get(folder.file("sub/a/")).isProblem(404, "not-found");
  }

  @Test
  void aFolderWithABodyIsRefused() {
    String before = folder.state();
    anna.put(folder.file("sub/"), "content").isProblem(400, "malformed");
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void theListingOfAFolderIsPagedByItsPathToo() {
    for (int n = 0; n < 5; n++) {
      anna.put(folder.file("f" + n), "x").is(201);
    }
    Answer first = anna.get(folder.path() + "/?limit=2").is(200);
    Answer second =
        anna.get(folder.path() + "/?limit=2&cursor=" + first.text("nextCursor")).is(200);

    assertThat(first.items("name")).containsExactly("f0", "f1");
    assertThat(second.items("name")).containsExactly("f2", "f3");
    anna.get("/files/home/?limit=2&cursor=" + first.text("nextCursor"))
        .isProblem(400, "bad-cursor");
    anna.get(folder.path() + "/?limit=0").isMalformed("limit");
    anna.get(folder.path() + "/?sort=size").isProblem(501, "not-available");
    anna.get(folder.path() + "/?sort=age").isMalformed("sort");
  }

  @Test
  void aFolderIsNoFileAndAFileNoFolder() {
    anna.put(folder.file("file"), "x").is(201);
    anna.put(folder.file("sub/"), new byte[0]).is(201);
    String before = folder.state();

    anna.put(folder.file("sub"), "x").isProblem(409, "is-a-folder");
    anna.put(folder.file("file/below"), "x").isProblem(409, "is-a-file");
    anna.put(folder.file("file/"), new byte[0]).isProblem(409, "is-a-file");

    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void deleteMovesToTheTrash() {
    Answer made = anna.put(folder.file("gone.txt"), "x").is(201);

    anna.delete(folder.file("gone.txt")).is(204);

    anna.get(folder.file("gone.txt")).isProblem(404, "not-found");
    anna.get("/nodes/" + made.id()).isProblem(404, "not-found");
    assertThat(anna.get("/trash?workspace=home").items("id")).contains(made.id());
  }

  @Test
  void theRootOfAWorkspaceIsNeitherDeletedNorReplaced() {
    anna.delete("/files/home/").isProblem(403, "forbidden");
    anna.put("/files/home", "x").isProblem(409, "is-a-folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Grüße.txt", "日本語のファイル", "العربية", "emoji 🎉.md", "a b+c&d=e?f#g%h", "'\"\\;"})
  void namesInAnyScriptComeBackAsTheyWere(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

    assertThat(anna.put(folder.file(encoded), name).is(201).text("name")).isEqualTo(name);

    assertThat(folder.names()).containsExactly(name);
    Answer read = anna.get(folder.file(encoded)).is(200);
    assertThat(read.text()).isEqualTo(name);
    assertThat(read.header("Content-Disposition"))
        .startsWith("attachment; filename=\"")
        .contains("; filename*=UTF-8''");
  }

  @Test
  void theTimeThatAClientSaysComesBackAsLastModified() {
    Answer stored =
        anna.request("PUT", folder.file("old"))
            .header("X-OC-Mtime", "1580702706")
            .bytes(new byte[] {1})
            .send()
            .is(201);

    assertThat(stored.text("clientModifiedAt")).isEqualTo("2020-02-03T04:05:06Z");
    for (Answer read : List.of(anna.get(folder.file("old")), anna.head(folder.file("old")))) {
      assertThat(read.is(200).header("Last-Modified")).isEqualTo("Mon, 03 Feb 2020 04:05:06 GMT");
    }
    anna.patch("/nodes/" + stored.id(), "{'clientModifiedAt':'2021-01-01T01:00:00+01:00'}").is(200);
    assertThat(anna.get(folder.file("old")).header("Last-Modified"))
        .isEqualTo("Fri, 01 Jan 2021 00:00:00 GMT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "yesterday", "1e9", "99999999999999999999", "253402300800", "1;2"})
  void aTimeThatIsNoneIsRefused(String time) {
    anna.request("PUT", folder.file("no"))
        .header("X-OC-Mtime", time)
        .bytes(new byte[] {1})
        .send()
        .isMalformed("X-OC-Mtime");
    assertThat(folder.names()).isEmpty();
  }

  @Test
  void namesAreNormalisedToNfcAndComparedBytewise() {
    anna.put(folder.file("e%CC%81"), "decomposed").is(201);

    assertThat(anna.get(folder.file("%C3%A9")).is(200).text()).isEqualTo("decomposed");
    anna.put(folder.file("%C3%A9"), "composed").is(200);
    anna.put(folder.file("a"), "1").is(201);
    anna.put(folder.file("A"), "2").is(201);
    anna.put(folder.file("a%20"), "3").is(201);
    assertThat(folder.names()).containsExactly("A", "a", "a ", "é");
  }

  @Test
  void othersSeeAHomeByItsSlugOnly() {
    People people = new People(anna.skep());
    Client bert = people.person("bert");
    String root = anna.get("/workspaces/home").is(200).text("rootId");
    anna.putJson("/nodes/" + root + "/permissions/user:" + bert.user(), People.rights("read"))
        .is(201);
    anna.put(folder.file("shared.txt"), "shared").is(201);

    String slug = bert.get("/nodes/" + root).is(200).text("workspace");
    assertThat(bert.get("/workspaces").items("slug")).contains("home", slug);
    assertThat(slug).matches("home-[0-9a-z]{10}");
    String path = folder.file("shared.txt").replace("/home/", "/" + slug + "/");
    assertThat(bert.get(path).is(200).text()).isEqualTo("shared");
    bert.get(folder.file("shared.txt")).isProblem(404, "not-found");
    bert.put(path, "changed").isProblem(403, "forbidden");
    anna.delete("/nodes/" + root + "/permissions/user:" + bert.user()).is(204);
    bert.get(path).isProblem(404, "not-found");
  }
}
