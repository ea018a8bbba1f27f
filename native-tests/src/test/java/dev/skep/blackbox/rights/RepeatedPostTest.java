package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A POST that is repeated with its Idempotency-Key has its effect once (P24). */
@BlackBox
@Tag("P24")
final class RepeatedPostTest {

  private static final int AT_ONCE = 64;
  private static final int KILLS = 4;
  private static final int THREADS = 64;

  private final Skep skep;
  private final People people;
  private final Client admin;

  RepeatedPostTest(Skep skep) {
    this.skep = skep;
    this.people = new People(skep);
    this.admin = skep.admin();
  }

  @Test
  void sixtyFourAtOnceMakeOneFolderAndGetOneAnswer() throws Exception {
    for (int round = 0; round < 5; round++) {
      String root = people.root(people.workspace("once"));
      String key = Names.fresh("key");
      List<Answer> answers =
          Together.call(
              AT_ONCE,
              thread -> () -> post(admin, "/nodes/" + root + "/children", key, "{'name':'one'}"));

      answers.forEach(answer -> answer.is(201));
      assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
      assertThat(answers).extracting(Answer::etag).containsOnly(answers.getFirst().etag());
      assertThat(answers)
          .allMatch(
              answer ->
                  answer.header("Location").equals("/api/v1/nodes/" + answers.getFirst().id()));
      assertThat(admin.get("/nodes/" + root + "/children").items("name")).containsExactly("one");
    }
  }

  @Test
  void sixtyFourCopiesIntoAnotherWorkspaceAtOnceAreOne() throws Exception {
    String source = admin.put("/files/" + people.workspace("from") + "/file", "text").is(201).id();
    String slug = people.workspace("to");
    String root = people.root(slug);
    String key = Names.fresh("key");
    List<Answer> answers =
        Together.call(
            AT_ONCE,
            thread ->
                () ->
                    post(admin, "/nodes/" + source + "/copy", key, "{'parentId':'" + root + "'}"));

    answers.forEach(answer -> answer.is(201));
    assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
    assertThat(admin.get("/nodes/" + root + "/children").items("name")).containsExactly("file");
    assertThat(admin.get("/workspaces/" + slug).json().path("used").asInt()).isEqualTo(4);
  }

  @Test
  void aRestoreOutOfTheTrashCanBeRepeated() {
    String slug = people.workspace("restore");
    String file = admin.put("/files/" + slug + "/file", "text").is(201).id();
    admin.delete("/nodes/" + file).is(204);
    String key = Names.fresh("key");

    Answer first = post(admin, "/trash/" + file + "/restore", key, "{}").is(200);
    Answer again = post(admin, "/trash/" + file + "/restore", key, "{}").is(200);

    assertThat(again.text()).isEqualTo(first.text());
    post(admin, "/trash/" + file + "/restore", Names.fresh("key"), "{}")
        .isProblem(404, "not-found");
  }

  @Test
  void whatItNeededMayBeGoneWhenItIsRepeated() {
    String slug = people.workspace("gone");
    Answer folder = post(admin, childrenOf(people.root(slug)), Names.fresh("key"), "{'name':'f'}");
    Answer file = admin.put("/files/" + slug + "/f/file", "one").is(201);
    String version =
        admin.get("/nodes/" + file.id() + "/versions").json().at("/items/0/id").asText();
    admin.put("/files/" + slug + "/f/file", "two").is(200);
    Map<String, String> posts =
        Map.of(
            childrenOf(folder.id()),
            "{'name':'made'}",
            "/nodes/" + file.id() + "/copy",
            "{'parentId':'" + folder.id() + "','name':'copy'}",
            "/nodes/" + file.id() + "/versions/" + version + "/restore",
            "{}");
    Map<String, Answer> first = new HashMap<>();
    posts.forEach((path, body) -> first.put(path, post(admin, path, "key " + path, body)));
    admin.delete("/nodes/" + folder.id()).is(204);

    posts.forEach(
        (path, body) -> {
          Answer again = post(admin, path, "key " + path, body).is(first.get(path).status());
          assertThat(again.text()).isEqualTo(first.get(path).text());
          post(admin, path, "another " + path, body).isProblem(404, "not-found");
        });
  }

  @Test
  void theStoredAnswerIsHiddenFromWhoLostTheRightToSeeIt() {
    Client anna = people.person("anna");
    String root = people.root(people.workspace("withdrawn"));
    people.grant(root, "user:" + anna.user(), "read", "write");
    String key = Names.fresh("key");
    post(anna, childrenOf(root), key, "{'name':'hers'}").is(201);
    admin.delete("/nodes/" + root + "/permissions/user:" + anna.user()).is(204);

    post(anna, childrenOf(root), key, "{'name':'hers'}").isProblem(404, "not-found");
    post(anna, childrenOf(root), Names.fresh("key"), "{'name':'hers'}").isProblem(404, "not-found");
  }

  @Test
  void aScopedTokenDoesNotGetTheAnswerOfAnotherCredential() {
    Client anna = people.person("anna");
    String home = anna.get("/workspaces/home").text("rootId");
    anna.put("/files/home/open/file", "text").is(201);
    String token =
        anna.post(
                "/tokens",
                "{'name':'t','scopes':[{'path':'/home/open','rights':['read','write']}]}")
            .is(201)
            .text("token");
    String key = Names.fresh("key");
    post(anna, childrenOf(home), key, "{'name':'closed'}").is(201);

    post(skep.as(anna.user(), token), childrenOf(home), key, "{'name':'closed'}")
        .isProblem(422, "key-reused");
  }

  private static String childrenOf(String folder) {
    return "/nodes/" + folder + "/children";
  }

  @Test
  void ofPeopleAndGroupsAndWorkspacesOneIsMade() throws Exception {
    String name = Names.fresh("once");
    Map<String, String> bodies =
        Map.of(
            "/users", "{'name':'" + name + "','password':'" + people.password() + "'}",
            "/groups", "{'name':'" + name + "'}",
            "/workspaces", "{'slug':'" + name + "'}");
    for (String path : bodies.keySet()) {
      String key = Names.fresh("key");
      List<Answer> answers =
          Together.call(2, thread -> () -> post(admin, path, key, bodies.get(path)));
      answers.forEach(answer -> answer.is(201));
      assertThat(answers.getFirst().text()).isEqualTo(answers.getLast().text());
    }
  }

  @Test
  void anotherRequestUnderTheKeyIsRefused() {
    String root = people.root(people.workspace("reused"));
    String key = Names.fresh("key");
    post(admin, "/nodes/" + root + "/children", key, "{'name':'one'}").is(201);

    post(admin, "/nodes/" + root + "/children", key, "{'name':'two'}").isProblem(422, "key-reused");

    assertThat(admin.get("/nodes/" + root + "/children").items("name")).containsExactly("one");
  }

  @Test
  void theKeyOfAnotherIsNotTaken() {
    Client anna = people.person("anna");
    String root = anna.get("/nodes/lookup?path=/home").is(200).id();
    String key = Names.fresh("key");
    String other = people.root(people.workspace("other"));
    Answer his = post(admin, "/nodes/" + other + "/children", key, "{'name':'one'}").is(201);

    Answer hers = post(anna, "/nodes/" + root + "/children", key, "{'name':'one'}").is(201);

    assertThat(hers.id()).isNotEqualTo(his.id());
  }

  @Test
  void afterKillsTheSameKeyGivesWhatWasMadeBefore() throws Exception {
    Path data = Skep.newFolder("skep-killed");
    Map<String, String> acknowledged = new ConcurrentHashMap<>();
    Set<String> sent = ConcurrentHashMap.newKeySet();
    String root;
    try (Skep first = Skep.on(data).start()) {
      root = first.admin().get("/nodes/lookup?path=/home").is(200).id();
    }
    for (int kill = 0; kill < KILLS; kill++) {
      postUntilKilled(data, kill, root, sent, acknowledged);
    }
    assertThat(acknowledged).isNotEmpty();
    try (Skep last = Skep.on(data).start()) {
      Client client = last.admin();
      Set<String> unanswered = new HashSet<>(client.names(root));
      unanswered.removeAll(acknowledged.keySet());
      Set<String> made = new HashSet<>();
      for (String name : sent) {
        Answer repeated = makeFolder(client, root, name).is(201);
        assertThat(acknowledged.getOrDefault(name, repeated.id())).isEqualTo(repeated.id());
        made.add(repeated.id());
      }
      List<String> names = client.names(root);
      System.out.println(
          KILLS
              + " kills, "
              + sent.size()
              + " folders asked for, "
              + acknowledged.size()
              + " acknowledged before the kill, "
              + unanswered.size()
              + " committed but not answered");
      assertThat(unanswered).as("kills between a commit and its answer").isNotEmpty();
      assertThat(names).containsExactlyInAnyOrderElementsOf(sent);
      assertThat(made).hasSize(sent.size());
    }
  }

  private void postUntilKilled(
      Path data, int kill, String root, Set<String> sent, Map<String, String> acknowledged)
      throws Exception {
    Skep victim = Skep.on(data).start();
    Client client = victim.admin();
    Thread killer =
        Thread.ofVirtual()
            .start(
                () -> {
                  awaitAnswers(acknowledged, ThreadLocalRandom.current().nextInt(20, 200));
                  victim.kill();
                });
    Together.run(
        THREADS,
        thread -> {
          for (int i = 0; victim.process().isAlive(); i++) {
            String name = "f" + kill + "-" + thread + "-" + i;
            sent.add(name);
            try {
              acknowledged.put(name, makeFolder(client, root, name).is(201).id());
            } catch (UncheckedIOException e) {
              return; // killed before the answer
            }
          }
        });
    killer.join();
  }

  private static void awaitAnswers(Map<String, String> acknowledged, int more) {
    int wanted = acknowledged.size() + more;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (acknowledged.size() < wanted && System.nanoTime() < end) {
      sleep(1);
    }
  }

  private static Answer makeFolder(Client client, String root, String name) {
    return post(client, "/nodes/" + root + "/children", "key-" + name, "{'name':'" + name + "'}");
  }

  private static Answer post(Client client, String path, String key, String json) {
    return client.request("POST", path).header("Idempotency-Key", key).json(json).send();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
