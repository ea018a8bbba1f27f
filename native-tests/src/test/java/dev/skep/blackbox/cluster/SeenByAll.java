package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.rights.Together;
import dev.skep.testkit.tier.Tier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What one replica has acknowledged, every other one knows at its next request. */
abstract class SeenByAll {

  private static final int ROUNDS = 6;
  private static final Duration SETTING = Duration.ofSeconds(1);
  private static final String MAX_UPLOAD = "/settings/upload.max-bytes";

  private final Replicas replicas;
  private final People people;

  SeenByAll(Replicas replicas) {
    this.replicas = replicas;
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void filesAndFolders() {
    String slug = people.workspace("seen");
    for (int round = 0; round < ROUNDS; round++) {
      Client one = admin(round);
      Client other = admin(round + 1);
      Client third = admin(round + 2);
      String path = "/files/" + slug + "/folder-" + round + "/file";

      Answer file = one.put(path, "first " + round).is(201);
      assertThat(other.get(path).is(200).text()).isEqualTo("first " + round);
      assertThat(third.get("/nodes/" + file.id()).is(200).text("name")).isEqualTo("file");

      other.put(path, "second " + round).is(200);
      assertThat(third.get(path).is(200).text()).isEqualTo("second " + round);
      one.request("PUT", path).ifMatch(file.etag()).bytes(new byte[1]).send().is(412);

      String folder = third.get("/nodes/" + file.id()).is(200).text("parentId");
      third.patch("/nodes/" + folder, "{'name':'moved-" + round + "'}").is(200);
      one.get(path).isProblem(404, "not-found");
      assertThat(one.get("/files/" + slug + "/moved-" + round + "/file").is(200).text())
          .isEqualTo("second " + round);

      one.delete("/nodes/" + folder).is(204);
      other.get("/nodes/" + file.id() + "/content").isProblem(404, "not-found");
      assertThat(third.get("/trash?workspace=" + slug).is(200).items("id")).contains(folder);
      other.post("/trash/" + folder + "/restore", "{}").is(200);
      assertThat(third.get("/nodes/" + file.id()).is(200).text("path"))
          .isEqualTo("/" + slug + "/moved-" + round + "/file");
    }
    for (int i = 0; i < ReplicasTest.COUNT; i++) {
      assertThat(admin(i).get("/files/" + slug + "/").is(200).items("name")).hasSize(ROUNDS);
    }
  }

  @Test
  void contentThatIsTooLargeForTheDatabase() {
    String slug = people.workspace("large");
    byte[] content = new byte[3 << 20];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 >> 7);
    }
    for (int i = 0; i < ReplicasTest.COUNT; i++) {
      admin(i).put("/files/" + slug + "/file-" + i, content).is(201);
      assertThat(admin(i + 1).get("/files/" + slug + "/file-" + i).is(200).body())
          .isEqualTo(content);
      assertThat(
              admin(i + 2)
                  .request("GET", "/files/" + slug + "/file-" + i)
                  .range("bytes=2000000-2000009")
                  .send()
                  .is(206)
                  .body())
          .hasSize(10);
    }
  }

  @Test
  void usersTheirPasswordsAndGroups() {
    String name = Names.fresh("anna");
    admin(0).post("/users", user(name, "a first long password")).is(201);
    assertThat(admin(1).get("/users/" + name).is(200).text("name")).isEqualTo(name);
    Client anna = logIn(1, name, "a first long password");
    at(2, anna).get("/me").is(200);
    at(0, anna).put("/files/home/mine", "hers").is(201);
    assertThat(at(2, anna).get("/files/home/mine").is(200).text()).isEqualTo("hers");

    admin(2)
        .putJson("/users/" + name + "/password", "{'password':'a second long password'}")
        .is(204);
    replicas
        .get(0)
        .nobody()
        .post("/sessions", "{'name':'" + name + "','password':'a first long password'}")
        .isProblem(401, "unauthenticated");
    Client again = logIn(1, name, "a second long password");

    String slug = people.workspace("team");
    String group = Names.fresh("staff");
    admin(0).post("/groups", "{'name':'" + group + "'}").is(201);
    admin(1)
        .putJson(
            "/nodes/" + people.root(slug) + "/permissions/group:" + group,
            People.rights("read", "write"))
        .is(201);
    at(2, again).get("/workspaces/" + slug).isProblem(404, "not-found");
    admin(2).request("PUT", "/groups/" + group + "/members/user:" + name).send().is(204);
    at(0, again).put("/files/" + slug + "/hers", "x").is(201);
  }

  /** In force, not only shown: the list of settings asks the store, an upload what is known. */
  @Test
  void aSettingIsInForceOnAllWithinASecond() throws Exception {
    String slug = people.workspace("setting");
    admin(0).putJson(MAX_UPLOAD, "{'value':1000}").is(200);
    for (int i = 0; i < ReplicasTest.COUNT; i++) {
      await(i, slug, true);
    }
    try {
      for (int round = 0; round < 4; round++) {
        AtomicLong changed = new AtomicLong();
        int from = round;
        boolean allow = round % 2 == 1;
        List<Long> millis =
            Together.call(
                ReplicasTest.COUNT + 1,
                thread ->
                    () -> {
                      if (thread == ReplicasTest.COUNT) {
                        Thread.sleep(100); // the others are at it
                        admin(from)
                            .putJson(MAX_UPLOAD, "{'value':" + (allow ? 1000 : 10) + "}")
                            .is(200);
                        changed.set(System.nanoTime());
                        return 0L;
                      }
                      long seen = await(thread, slug, allow);
                      while (changed.get() == 0) {
                        Thread.sleep(1);
                      }
                      return Math.max(0, (seen - changed.get()) / 1_000_000);
                    });
        System.out.println(
            "a setting changed on replica "
                + (from % ReplicasTest.COUNT + 1)
                + " is in force on all after "
                + millis.subList(0, ReplicasTest.COUNT)
                + " ms");
        assertThat(millis).allMatch(each -> each <= Tier.within(SETTING).toMillis());
      }
    } finally {
      admin(0).delete(MAX_UPLOAD).is(204);
    }
  }

  /** When the replica began to do as it is told, by this machine's clock. */
  private long await(int replica, String slug, boolean allowed) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      int status = probe(replica, slug).status();
      long now = System.nanoTime();
      if ((status == 413) != allowed) {
        return now;
      }
      assertThat(now).as("replica %d has not heard of it", replica + 1).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private Answer probe(int replica, String slug) {
    return admin(replica).put("/files/" + slug + "/probe-" + replica, "x".repeat(100));
  }

  private Client logIn(int replica, String name, String password) {
    Answer session =
        replicas
            .get(replica % ReplicasTest.COUNT)
            .nobody()
            .post("/sessions", "{'name':'" + name + "','password':'" + password + "'}")
            .is(201);
    return replicas.get(0).skep().as(name, session.text("token"));
  }

  private static String user(String name, String password) {
    return "{'name':'" + name + "','password':'" + password + "'}";
  }

  private Client admin(int replica) {
    return replicas.get(replica % ReplicasTest.COUNT).admin();
  }

  private Client at(int replica, Client person) {
    return replicas.get(replica % ReplicasTest.COUNT).as(person);
  }
}
