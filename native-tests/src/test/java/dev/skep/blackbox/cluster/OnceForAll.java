package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.rights.Together;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A POST that comes to several replicas with one Idempotency-Key has its effect once (P24). */
@Tag("P24")
abstract class OnceForAll {

  private static final int AT_ONCE = 48;

  private final Replicas replicas;
  private final People people;

  OnceForAll(Replicas replicas) {
    this.replicas = replicas;
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void manyAtOnceMakeOneFolderAndGetOneAnswer() throws Exception {
    for (int round = 0; round < 3; round++) {
      String children = "/nodes/" + people.root(people.workspace("once")) + "/children";
      String key = Names.fresh("key-of-all");
      List<Answer> answers =
          Together.call(AT_ONCE, thread -> () -> post(thread, children, key, "{'name':'one'}"));

      answers.forEach(answer -> answer.is(201));
      assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
      assertThat(answers).extracting(Answer::etag).containsOnly(answers.getFirst().etag());
      assertThat(admin(round).get(children).items("name")).containsExactly("one");
    }
  }

  @Test
  void ofPeopleGroupsAndWorkspacesOneIsMade() throws Exception {
    String name = Names.fresh("once");
    Map<String, String> bodies =
        Map.of(
            "/users", "{'name':'" + name + "','password':'" + people.password() + "'}",
            "/groups", "{'name':'" + name + "'}",
            "/workspaces", "{'slug':'" + name + "'}");
    for (Map.Entry<String, String> each : bodies.entrySet()) {
      String key = Names.fresh("key-of-all");
      List<Answer> answers =
          Together.call(6, thread -> () -> post(thread, each.getKey(), key, each.getValue()));

      answers.forEach(answer -> answer.is(201));
      assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
    }
  }

  @Test
  void aRepetitionAtAnotherReplicaGetsTheFirstAnswer() {
    String slug = people.workspace("again");
    String file = admin(0).put("/files/" + slug + "/file", "text").is(201).id();
    admin(1).delete("/nodes/" + file).is(204);
    String key = Names.fresh("key-of-all");

    Answer first = post(0, "/trash/" + file + "/restore", key, "{}").is(200);

    assertThat(post(1, "/trash/" + file + "/restore", key, "{}").is(200).text())
        .isEqualTo(first.text());
    post(2, "/trash/" + file + "/restore", key, "{'name':'other'}").isProblem(422, "key-reused");
    post(2, "/trash/" + file + "/restore", Names.fresh("key-of-all"), "{}")
        .isProblem(404, "not-found");
  }

  /** Another answer than the first one's would be a second effect: a copy is made each time. */
  @Test
  void copiesIntoAnotherWorkspaceAreOne() throws Exception {
    String source = admin(0).put("/files/" + people.workspace("from") + "/file", "text").id();
    String slug = people.workspace("to");
    String root = people.root(slug);
    String key = Names.fresh("key-of-all");
    List<Answer> answers =
        Together.call(
            AT_ONCE,
            thread ->
                () ->
                    post(thread, "/nodes/" + source + "/copy", key, "{'parentId':'" + root + "'}"));

    answers.forEach(answer -> answer.is(201));
    assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
    assertThat(admin(2).get("/nodes/" + root + "/children").items("name")).containsExactly("file");
    assertThat(admin(1).get("/workspaces/" + slug).json().path("used").asInt()).isEqualTo(4);
  }

  private Answer post(int replica, String path, String key, String json) {
    return admin(replica).request("POST", path).header("Idempotency-Key", key).json(json).send();
  }

  private Client admin(int replica) {
    return replicas.get(replica % ReplicasTest.COUNT).admin();
  }
}
