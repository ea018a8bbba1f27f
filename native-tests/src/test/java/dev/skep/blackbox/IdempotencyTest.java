package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code Idempotency-Key} (P24): a POST sent twice is done once and answered twice. */
@BlackBox
@Tag("P24")
final class IdempotencyTest {

  private final Client admin;
  private final String folder;
  private final String file;
  private final String version;

  IdempotencyTest(Skep skep) {
    admin = skep.admin();
    String name = Names.fresh("idempotent");
    Answer made = admin.put("/files/home/" + name + "/some.txt", "one").is(201);
    file = made.id();
    folder = made.text("parentId");
    version = admin.get("/nodes/" + file + "/versions").json().at("/items/0/id").asText();
    admin.put("/files/home/" + name + "/some.txt", "two").is(200);
  }

  private Map<String, List<String>> posts() {
    String trashed = admin.put("/files/home/" + Names.fresh("trashed"), "x").is(201).id();
    admin.delete("/nodes/" + trashed).is(204);
    String copy = "{'parentId':'" + folder + "','name':'";
    admin.putJson("/settings/identity.session-hours", "{'value':23}").is(200);
    admin.delete("/settings/identity.session-hours").is(204);
    long set =
        admin
            .get("/settings/identity.session-hours/history")
            .json()
            .at("/items/1/revision")
            .asLong();
    long reset =
        admin
            .get("/settings/identity.session-hours/history")
            .json()
            .at("/items/0/revision")
            .asLong();
    return Map.of(
        "/settings/identity.session-hours/rollback",
        List.of("{'revision':" + set + "}", "{'revision':" + reset + "}"),
        "/nodes/" + folder + "/children",
        List.of("{'name':'one'}", "{'name':'two'}"),
        "/nodes/" + file + "/copy",
        List.of(copy + "copy-one'}", copy + "copy-two'}"),
        "/nodes/" + file + "/versions/" + version + "/restore",
        List.of("", "{}"),
        "/trash/" + trashed + "/restore",
        List.of("{'name':'back-one'}", "{'name':'back-two'}"),
        "/workspaces",
        List.of("{'slug':'" + Names.fresh("once") + "'}", "{'slug':'" + Names.fresh("once") + "'}"),
        "/users",
        List.of("{'name':'" + Names.fresh("once") + "'}", "{'name':'" + Names.fresh("once") + "'}"),
        "/groups",
        List.of(
            "{'name':'" + Names.fresh("once") + "'}", "{'name':'" + Names.fresh("once") + "'}"));
  }

  private Answer post(String path, String body, String key) {
    Request request = admin.request("POST", path).header("Idempotency-Key", key);
    return (body.isEmpty() ? request : request.json(body)).send();
  }

  @TestFactory
  Stream<DynamicTest> theSecondTimeTheFirstAnswerComesBack() {
    return posts().entrySet().stream()
        .map(
            post ->
                DynamicTest.dynamicTest(
                    post.getKey().replaceAll("[0-9a-f-]{36}", "{id}"),
                    () -> {
                      String key = UUID.randomUUID().toString();
                      Answer first = post(post.getKey(), post.getValue().getFirst(), key);
                      assertThat(first.status()).as(first.text()).isIn(200, 201);
                      Answer second =
                          post(post.getKey(), post.getValue().getFirst(), key).is(first.status());
                      assertThat(second.json()).isEqualTo(first.json());
                      assertThat(second.header("Location")).isEqualTo(first.header("Location"));
                      assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
                      post(post.getKey(), post.getValue().getLast(), key)
                          .isProblem(422, "key-reused");
                      post("/users", "{'name':'" + Names.fresh("never") + "'}", key)
                          .isProblem(422, "key-reused");
                    }));
  }

  @Test
  void ofManyAtOnceOneIsDoneAndAllAreAnsweredAlike() throws Exception {
    String key = UUID.randomUUID().toString();
    String path = "/nodes/" + folder + "/children";
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 8; n++) {
        answers.add(threads.submit(() -> post(path, "{'name':'at-once'}", key)));
      }
    }
    Set<String> ids = new HashSet<>();
    for (Future<Answer> answer : answers) {
      ids.add(answer.get().is(201).id());
    }
    assertThat(ids).hasSize(1);
  }

  @Test
  void aKeyIsOfItsUser() {
    Client anna = new People(admin.skep()).person("anna");
    String key = UUID.randomUUID().toString();
    post("/nodes/" + folder + "/children", "{'name':'of-admin'}", key).is(201);
    String home = anna.get("/workspaces/home").text("rootId");
    anna.request("POST", "/nodes/" + home + "/children")
        .header("Idempotency-Key", key)
        .json("{'name':'of-anna'}")
        .send()
        .is(201);
  }

  @Test
  void aRefusalIsNotKept() {
    String key = UUID.randomUUID().toString();
    String path = "/nodes/" + folder + "/children";
    admin.post(path, "{'name':'in-the-way'}").is(201);
    post(path, "{'name':'in-the-way'}", key).isProblem(409, "name-taken");
    post(path, "{'name':'free'}", key).is(201);
  }

  @Test
  void isNotTakenWhereASecretIsShown() {
    for (String path : List.of("/sessions", "/tokens", "/sessions/", "/tokens/")) {
      String before = admin.get(path).items("id").toString();
      post(path, "{'name':'x'}", "key").isMalformed("Idempotency-Key");
      assertThat(admin.get(path).items("id").toString()).isEqualTo(before);
    }
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    String path = "/nodes/" + folder + "/children";
    for (String key : List.of("k".repeat(256), " ")) {
      post(path, "{'name':'unkeyed'}", key).isMalformed("Idempotency-Key");
    }
    RawRequest.of(admin, "POST", path)
        .header("Idempotency-Key", "\u00e9".repeat(128))
        .header("Content-Type", "application/json")
        .header("Content-Length", "18")
        .body("{\"name\":\"unkeyed\"}")
        .send()
        .isMalformed("Idempotency-Key");
    assertThat(admin.get(path).items("name")).doesNotContain("unkeyed");
  }

  @Test
  void putAndPatchIgnoreIt() {
    String key = UUID.randomUUID().toString();
    post("/nodes/" + folder + "/children", "{'name':'keyed'}", key).is(201);
    admin
        .request("PATCH", "/nodes/" + file)
        .header("Idempotency-Key", key)
        .json("{'tags':['x']}")
        .send()
        .is(200);
  }
}
