package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Protocol;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Skep;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads that wait to be let in, break off, or do not fit. */
@BlackBox
@ParameterizedClass
@EnumSource(Protocol.class)
final class UploadsTest {

  @Parameter Protocol protocol;

  private final People people;
  private final Client person;
  private Client anna;
  private Folder folder;

  UploadsTest(Skep skep) {
    people = new People(skep);
    person = people.person("anna");
  }

  @BeforeParameterizedClassInvocation
  void over(Protocol used) {
    anna = person.over(used);
  }

  @BeforeEach
  void anEmptyFolder() {
    folder = Folder.fresh(anna);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private RawRequest waiting(Client client, String path) {
    return RawRequest.of(client, "PUT", path)
        .header("Expect", "100-continue")
        .header("Content-Length", "5");
  }

  @Test
  void continueIsSaidToWhoMayWrite() {
    try (RawRequest.Conversation conversation = waiting(anna, folder.file("let-in")).open()) {
      assertThat(conversation.answer().status()).isEqualTo(100);
      conversation.write(bytes("hello"));
      conversation.answer().is(201);
    }
    assertThat(anna.get(folder.file("let-in")).text()).isEqualTo("hello");
  }

  @Test
  void continueIsNotSaidWithoutLogInRightsAndPreconditions() {
    Client bert = people.person("bert");
    String taken = folder.file("taken");
    String id = anna.put(taken, "taken").is(201).id();
    anna.putJson("/nodes/" + id + "/permissions/user:" + bert.user(), People.rights("read"))
        .is(201);
    String before = folder.state();

    refusedAtOnce(waiting(anna.skep().nobody(), taken), 401);
    refusedAtOnce(waiting(bert, "/nodes/" + id + "/content"), 403);
    refusedAtOnce(waiting(bert, taken.replace("home", "no-such")), 404);
    refusedAtOnce(waiting(anna, taken).header("If-None-Match", "*"), 412);
    refusedAtOnce(waiting(anna, taken).header("If-Match", "\"another\""), 412);
    refusedAtOnce(waiting(anna, folder.path()), 409);
    refusedAtOnce(waiting(anna, taken).header("Content-Length", "9999999999999999"), 413);
    refusedAtOnce(waiting(anna, folder.file("%00")), 400);

    assertThat(folder.state()).isEqualTo(before);
  }

  private static void refusedAtOnce(RawRequest request, int status) {
    try (RawRequest.Conversation conversation = request.open()) {
      conversation.answer().is(status);
    }
  }

  @Test
  void anUploadThatBreaksOffChangesNothing() {
    anna.put(folder.file("kept"), "whole").is(201);
    String before = folder.state();
    for (String name : new String[] {"kept", "new"}) {
      RawRequest.Conversation conversation =
          RawRequest.of(anna, "PUT", folder.file(name)).header("Content-Length", "100000").open();
      conversation.write(bytes("half"));
      conversation.breakOff();
    }
    try (RawRequest.Conversation chunked =
        RawRequest.of(anna, "PUT", folder.file("chunked"))
            .header("Transfer-Encoding", "chunked")
            .open()) {
      chunked.write(bytes("5\r\nhello\r\n5\r\nhe"));
    }

    anna.put(folder.file("afterwards"), "still works").is(201);
    anna.delete(folder.file("afterwards")).is(204);
    assertThat(folder.state()).isEqualTo(before);
  }

  @Test
  void whatDoesNotFitTheQuotaIsRefusedByteForByte() {
    Client carl = people.person("carl").over(protocol);
    people.admin().patch("/users/" + carl.user(), "{'quota':100}").is(200);
    carl.put("/files/home/sixty", "x".repeat(60)).is(201);
    String before = carl.get("/files/home/").text();

    carl.put("/files/home/more", "x".repeat(41)).isProblem(507, "quota-exceeded");
    carl.put("/files/home/sixty", "y".repeat(41)).isProblem(507, "quota-exceeded");
    String sixty = carl.get("/nodes/lookup?path=/home/sixty").id();
    carl.put("/nodes/" + sixty + "/content", "y".repeat(41)).isProblem(507, "quota-exceeded");
    carl.request("PUT", "/files/home/chunked")
        .chunked(() -> new java.io.ByteArrayInputStream(new byte[41]))
        .send()
        .isProblem(507, "quota-exceeded");
    String root = carl.get("/workspaces/home").text("rootId");
    carl.post("/nodes/" + sixty + "/copy", "{'parentId':'" + root + "','name':'copy'}")
        .isProblem(507, "quota-exceeded");

    assertThat(carl.get("/files/home/").text()).isEqualTo(before);
    assertThat(carl.get("/me").json().path("used").asLong()).isEqualTo(60);
    carl.put("/files/home/more", "x".repeat(40)).is(201);
    assertThat(carl.get("/me").json().path("used").asLong()).isEqualTo(100);
    assertThat(carl.get("/me").json().path("quota").asLong()).isEqualTo(100);
  }

  @Test
  void restoringAVersionCountsToo() {
    Client carl = people.person("carl").over(protocol);
    String file = carl.put("/files/home/a", "x".repeat(60)).is(201).id();
    carl.put("/files/home/a", "x").is(200);
    people.admin().patch("/users/" + carl.user(), "{'quota':100}").is(200);
    String old = carl.get("/nodes/" + file + "/versions").items("id").getLast();
    carl.post("/nodes/" + file + "/versions/" + old + "/restore").isProblem(507, "quota-exceeded");
    assertThat(carl.get("/files/home/a").text()).isEqualTo("x");
  }

  @Test
  void anUploadLargerThanTheSettingAllowsIsRefused() {
    // By its announced length, against the default of 1 TiB: no other test's upload is touched.
    Answer made = anna.put(folder.file("small"), "small").is(201);
    for (String path : new String[] {folder.file("small"), "/nodes/" + made.id() + "/content"}) {
      try (RawRequest.Conversation conversation =
          RawRequest.of(anna, "PUT", path)
              .header("Content-Length", Long.toString((1L << 40) + 1))
              .open()) {
        conversation.answer().isProblem(413, "too-large");
      }
    }
    assertThat(anna.get(folder.file("small")).text()).isEqualTo("small");
  }

  @Test
  void twoLengthsAtOnceAreNotBelieved() {
    String path = folder.file(Names.fresh("smuggled"));
    RawRequest.of(anna, "PUT", path)
        .header("Content-Length", "5")
        .header("content-length", "6")
        .body("hello!")
        .send()
        .is(400);
    anna.get(path).is(404);
  }
}
