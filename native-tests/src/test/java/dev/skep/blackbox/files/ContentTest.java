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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges, conditions and digests of content, the same on its three routes. */
@BlackBox
@ParameterizedClass
@EnumSource(Protocol.class)
final class ContentTest {

  @Parameter Protocol protocol;

  private final Client person;
  private Client anna;
  private Folder folder;
  private Answer file;
  private List<String> routes;

  ContentTest(Skep skep) {
    person = new People(skep).person("anna");
  }

  @BeforeParameterizedClassInvocation
  void aFileOfTenBytes(Protocol used) {
    anna = person.over(used);
    folder = Folder.fresh(anna);
    file = anna.put(folder.file("ten.txt"), "0123456789").is(201);
    String version =
        anna.get("/nodes/" + file.id() + "/versions").json().at("/items/0/id").asText();
    routes =
        List.of(
            folder.file("ten.txt"),
            "/nodes/" + file.id() + "/content",
            "/nodes/" + file.id() + "/versions/" + version + "/content");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 0123, bytes 0-3/10",
    "bytes=4-, 456789, bytes 4-9/10",
    "bytes=-3, 789, bytes 7-9/10",
    "bytes=-100, 0123456789, bytes 0-9/10",
    "bytes=8-100, 89, bytes 8-9/10",
    "bytes=9-9, 9, bytes 9-9/10"
  })
  void aRangeIsAnsweredAlone(String range, String content, String contentRange) {
    for (String route : routes) {
      Answer answer = anna.request("GET", route).range(range).send().is(206);
      assertThat(answer.text()).isEqualTo(content);
      assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
      assertThat(answer.header("Repr-Digest")).isEqualTo(Digests.header("0123456789"));
      assertThat(answer.etag()).isEqualTo(file.etag());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=100-200", "bytes=-0", "bytes=20-30,40-50"})
  void aRangeThatCannotBeMetTellsTheSize(String range) {
    for (String route : routes) {
      Answer answer =
          anna.request("GET", route).range(range).send().isProblem(416, "range-not-satisfiable");
      assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-1,4-5",
        "bytes=5-2",
        "bytes=x-y",
        "lines=1-2",
        "bytes",
        "bytes=-",
        "bytes=1-2;"
      })
  void manyRangesAndMalformedOnesAreAnsweredWhole(String range) {
    for (String route : routes) {
      Answer answer = anna.request("GET", route).range(range).send().is(200);
      assertThat(answer.text()).isEqualTo("0123456789");
    }
  }

  @Test
  void ifRangeContinuesTheSameContentOnly() {
    for (String route : routes) {
      Answer same =
          anna.request("GET", route).range("bytes=5-").header("If-Range", file.etag()).send();
      assertThat(same.is(206).text()).isEqualTo("56789");
      for (String other :
          List.of("\"another\"", "W/" + file.etag(), "Sat, 01 Jan 2022 00:00:00 GMT")) {
        anna.request("GET", route).range("bytes=5-").header("If-Range", other).send().is(200);
      }
    }
  }

  @Test
  void rangesAreForGetAlone() {
    for (String route : routes) {
      Answer head = anna.request("HEAD", route).range("bytes=0-3").send().is(200);
      assertThat(head.header("Content-Length")).isEqualTo("10");
    }
  }

  @Test
  void ifNoneMatchIsAnsweredNotModified() {
    for (String route : routes) {
      for (String method : List.of("GET", "HEAD")) {
        for (String tags : List.of(file.etag(), "*", "\"x\", " + file.etag(), "W/" + file.etag())) {
          Answer answer = anna.request(method, route).ifNoneMatch(tags).send().is(304);
          assertThat(answer.body()).isEmpty();
          assertThat(answer.etag()).isEqualTo(file.etag());
        }
        anna.request(method, route).ifNoneMatch("\"another\"").send().is(200);
      }
    }
  }

  @Test
  void ifMatchOfAReadIsRefusedForOtherContent() {
    for (String route : routes) {
      anna.request("GET", route).ifMatch(file.etag()).send().is(200);
      anna.request("GET", route)
          .ifMatch("\"another\"")
          .send()
          .isProblem(412, "precondition-failed");
      anna.request("HEAD", route).ifMatch("\"another\"").send().is(412);
    }
  }

  @Test
  void ofTwoWritersWithOneEtagTheSecondIsRefused() {
    String path = folder.file("two-writers.txt");
    String etag = anna.put(path, "first").is(201).etag();
    anna.request("PUT", path).ifMatch(etag).text("second").send().is(200);
    String before = folder.state();

    anna.request("PUT", path)
        .ifMatch(etag)
        .text("third")
        .send()
        .isProblem(412, "precondition-failed");

    assertThat(folder.state()).isEqualTo(before);
    assertThat(anna.get(path).text()).isEqualTo("second");
    anna.request("DELETE", path).ifMatch(etag).send().isProblem(412, "precondition-failed");
    anna.request("DELETE", path).ifMatch(anna.get(path).etag()).send().is(204);
  }

  @Test
  void aWeakTagNeverMatchesAWrite() {
    anna.request("PUT", folder.file("ten.txt"))
        .ifMatch("W/" + file.etag())
        .text("x")
        .send()
        .isProblem(412, "precondition-failed");
  }

  @Test
  void ifNoneMatchWithAStarCreatesOnly() {
    String path = folder.file("create-only.txt");
    anna.request("PUT", path).ifNoneMatch("*").text("first").send().is(201);
    anna.request("PUT", path)
        .ifNoneMatch("*")
        .text("second")
        .send()
        .isProblem(412, "precondition-failed");
    assertThat(anna.get(path).text()).isEqualTo("first");
    anna.request("PUT", folder.file("absent"))
        .ifMatch("*")
        .text("x")
        .send()
        .isProblem(412, "precondition-failed");
    anna.get(folder.file("absent")).is(404);
  }

  @Test
  void aStatedDigestIsChecked() {
    for (String header : List.of("Repr-Digest", "Content-Digest")) {
      String path = folder.file("digest-" + header);
      anna.request("PUT", path)
          .header(header, Digests.header("right"))
          .text("right")
          .send()
          .is(201);
      String before = folder.state();
      anna.request("PUT", path)
          .header(header, Digests.header("right"))
          .text("wrong")
          .send()
          .isProblem(400, "bad-digest");
      anna.request("PUT", folder.file("never-" + header))
          .header(header, Digests.header("right"))
          .text("wrong")
          .send()
          .isProblem(400, "bad-digest");
      for (String malformed : List.of("sha-256=abc", "sha-256=:AAAA:", "sha-256=:!!!:", ":")) {
        anna.request("PUT", path)
            .header(header, malformed)
            .text("right")
            .send()
            .isMalformed(header);
      }
      assertThat(folder.state()).isEqualTo(before);
    }
  }

  @Test
  void contentByIdIsReplacedAndNeverMade() {
    Answer made = anna.put(folder.file("by-id.txt"), "one").is(201);
    String route = "/nodes/" + made.id() + "/content";

    Answer stored = anna.put(route, "two").is(200);

    assertThat(stored.etag()).isNotEqualTo(made.etag());
    assertThat(anna.get(route).text()).isEqualTo("two");
    anna.put("/nodes/" + folder.id() + "/content", "x").isProblem(409, "is-a-folder");
    anna.get("/nodes/" + folder.id() + "/content").isProblem(409, "is-a-folder");
    anna.head("/nodes/" + folder.id() + "/content").is(409);
  }

  @Test
  void encodedAndPartialBodiesAreRefused() {
    String before = folder.state();
    for (String route : List.of(folder.file("ten.txt"), "/nodes/" + file.id() + "/content")) {
      anna.request("PUT", route)
          .header("Content-Encoding", "gzip")
          .text("x")
          .send()
          .isProblem(415, "unsupported-media-type");
      anna.request("PUT", route)
          .header("Content-Range", "bytes 0-0/10")
          .text("x")
          .send()
          .isProblem(400, "malformed");
    }
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void theEtagIsKeptByRenameCopyAndRestore() {
    Answer made = anna.put(folder.file("kept.txt"), "kept").is(201);
    Answer renamed = anna.patch("/nodes/" + made.id(), "{'name':'renamed.txt'}").is(200);
    Answer copy =
        anna.post(
                "/nodes/" + made.id() + "/copy",
                "{'parentId':'" + folder.id() + "','name':'copy.txt'}")
            .is(201);

    assertThat(renamed.text("etag")).isEqualTo(made.text("etag"));
    assertThat(copy.text("etag")).isEqualTo(made.text("etag"));
    assertThat(copy.text("mediaType")).isEqualTo("text/plain");
  }
}
