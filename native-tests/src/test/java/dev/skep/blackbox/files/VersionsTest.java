package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Digests;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Protocol;
import dev.skep.blackbox.Skep;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code /nodes/{id}/versions}: the contents that a file has had. */
@BlackBox
@ParameterizedClass
@EnumSource(Protocol.class)
final class VersionsTest {

  @Parameter Protocol protocol;

  private final Client person;
  private Client anna;
  private Folder folder;
  private String versions;
  private String file;
  private List<String> ids;

  VersionsTest(Skep skep) {
    person = new People(skep).person("anna");
  }

  @BeforeParameterizedClassInvocation
  void over(Protocol used) {
    anna = person.over(used);
  }

  @BeforeEach
  void aFileOfThreeVersions() {
    folder = Folder.fresh(anna);
    file = anna.put(folder.file("some.txt"), "one").is(201).id();
    anna.put(folder.file("some.txt"), "two").is(200);
    anna.put(folder.file("some.txt"), "three").is(200);
    versions = "/nodes/" + file + "/versions";
    ids = anna.get(versions).is(200).items("id");
  }

  @Test
  void areListedNewestFirstAndPaged() {
    Answer all = anna.get(versions).is(200);
    assertThat(all.items("sha256"))
        .containsExactly(Digests.hex("three"), Digests.hex("two"), Digests.hex("one"));
    assertThat(all.items("current")).containsExactly("true", "false", "false");
    assertThat(all.items("createdBy")).containsOnly(anna.user());
    assertThat(all.json().at("/items/0").fieldNames())
        .toIterable()
        .contains("id", "size", "sha256", "createdAt", "createdBy", "current");

    Answer first = anna.get(versions + "?limit=2").is(200);
    assertThat(first.items("id")).isEqualTo(ids.subList(0, 2));
    Answer last = anna.get(versions + "?limit=2&cursor=" + first.text("nextCursor")).is(200);
    assertThat(last.items("id")).isEqualTo(ids.subList(2, 3));
    assertThat(last.json().has("nextCursor")).isFalse();
  }

  @Test
  void anOldContentCanBeRead() {
    assertThat(anna.get(versions + "/" + ids.get(2) + "/content").is(200).text()).isEqualTo("one");
    assertThat(anna.get(folder.file("some.txt")).text()).isEqualTo("three");
  }

  @Test
  void restoringMakesTheOldContentANewVersionWithItsOldEtag() {
    String old = anna.get(versions + "/" + ids.get(2) + "/content").etag();

    Answer node = anna.post(versions + "/" + ids.get(2) + "/restore").is(200);

    assertThat("\"" + node.text("etag") + "\"").isEqualTo(old);
    assertThat(anna.get(folder.file("some.txt")).text()).isEqualTo("one");
    assertThat(anna.get(versions).items("id")).hasSize(4).containsAll(ids);
  }

  @Test
  void restoringTheCurrentOneChangesNothing() {
    String before = folder.state();
    anna.post(versions + "/" + ids.getFirst() + "/restore").is(200);
    assertThat(folder.state()).isEqualTo(before);
    assertThat(anna.get(versions).items("id")).isEqualTo(ids);
  }

  @Test
  void anOldOneCanBeRemovedTheCurrentOneCannot() {
    anna.delete(versions + "/" + ids.get(1)).is(204);
    assertThat(anna.get(versions).items("id")).containsExactly(ids.get(0), ids.get(2));
    anna.get(versions + "/" + ids.get(1) + "/content").isProblem(404, "not-found");
    anna.delete(versions + "/" + ids.get(0)).isProblem(409, "current-version");
    assertThat(anna.get(folder.file("some.txt")).text()).isEqualTo("three");
  }

  @Test
  void belongToTheirFile() {
    String other = anna.put(folder.file("other.txt"), "x").is(201).id();
    for (String version : List.of(ids.get(1), "no-id")) {
      String path = "/nodes/" + other + "/versions/" + version;
      anna.get(path + "/content").isProblem(404, "not-found");
      anna.head(path + "/content").is(404);
      anna.post(path + "/restore").isProblem(404, "not-found");
      anna.delete(path).isProblem(404, "not-found");
    }
    assertThat(anna.get(versions).items("id")).isEqualTo(ids);
  }

  @Test
  void aFolderHasNone() {
    String path = "/nodes/" + folder.id() + "/versions";
    anna.get(path).isProblem(409, "is-a-folder");
    anna.get(path + "/" + ids.get(1) + "/content").isProblem(409, "is-a-folder");
    anna.head(path + "/" + ids.get(1) + "/content").is(409);
    anna.post(path + "/" + ids.get(1) + "/restore").isProblem(409, "is-a-folder");
    anna.delete(path + "/" + ids.get(1)).isProblem(409, "is-a-folder");
  }

  @Test
  void restoreTakesNoBodyButReadsIt() {
    anna.request("POST", versions + "/" + ids.get(1) + "/restore")
        .json(" ".repeat((1 << 20) + 1))
        .send()
        .isProblem(413, "too-large");
    assertThat(anna.get(versions).items("id")).isEqualTo(ids);
  }
}
