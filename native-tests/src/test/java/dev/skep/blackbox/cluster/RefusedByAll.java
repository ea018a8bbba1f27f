package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.rights.Together;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is withdrawn on one replica is refused by all from the next request after the commit, with
 * pubsub, without it, and with one that loses every message (P8).
 */
@Tag("P8")
abstract class RefusedByAll {

  private static final int READERS = 24;

  private final Replicas replicas;
  private final Servers servers;
  private final People people;

  RefusedByAll(Replicas replicas) {
    this.replicas = replicas;
    this.servers = replicas.servers();
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void withPubsub() {
    for (int on = 0; on < ReplicasTest.COUNT; on++) {
      everythingThatCanBeWithdrawn(on);
    }
  }

  @Test
  void withAPubsubThatLosesEveryMessage() {
    servers.nats().silence();
    try {
      everythingThatCanBeWithdrawn(0);
    } finally {
      servers.nats().mend();
    }
  }

  @Test
  void withoutPubsub() {
    servers.nats().kill();
    try {
      everythingThatCanBeWithdrawn(1);
    } finally {
      servers.nats().mend();
    }
  }

  /**
   * However many are just reading, at each replica: no answer that began after the commit is 200.
   */
  @Test
  void whileManyRead() throws Exception {
    Place place = new Place();
    place.give("user:" + place.anna.user(), "read");
    AtomicInteger read = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicLong lastBegan = new AtomicLong(Long.MIN_VALUE);
    AtomicLong withdrawn = new AtomicLong();
    Together.run(
        READERS + 1,
        thread -> {
          if (thread == READERS) {
            while (read.get() < 4 * READERS) {
              Thread.sleep(1);
            }
            place.withdraw(0, "user:" + place.anna.user());
            withdrawn.set(System.nanoTime());
            return;
          }
          Client reader = place.at(thread);
          while (refused.get() < 4 * READERS) {
            long began = System.nanoTime();
            Answer answer = reader.get("/nodes/" + place.file);
            if (answer.status() == 200) {
              read.incrementAndGet();
              lastBegan.accumulateAndGet(began, Math::max);
            } else {
              answer.isProblem(404, "not-found");
              refused.incrementAndGet();
            }
          }
        });
    System.out.println(
        READERS
            + " readers at three replicas: "
            + read
            + " reads, then "
            + refused
            + " refused, none late");
    assertThat(lastBegan.get()).isLessThanOrEqualTo(withdrawn.get());
  }

  private void everythingThatCanBeWithdrawn(int on) {
    entry(on);
    everyone(on + 1);
    membership(on + 2);
    session(on);
    account(on + 1);
  }

  private void entry(int on) {
    Place place = new Place();
    String anna = "user:" + place.anna.user();
    place.give(anna, "read", "write");
    place.worksAtAll();

    place.give(on, anna, "read");
    for (int i = 0; i < ReplicasTest.COUNT; i++) {
      place.at(i).patch("/nodes/" + place.file, "{'tags':['x']}").isProblem(403, "forbidden");
    }

    place.withdraw(on, anna);
    place.isGoneAtAll();
  }

  private void everyone(int on) {
    Place place = new Place();
    place.give("everyone", "read", "write");
    place.worksAtAll();

    place.withdraw(on, "everyone");

    place.isGoneAtAll();
  }

  private void membership(int on) {
    Place place = new Place();
    String anna = "user:" + place.anna.user();
    String inner = people.group("inner", anna);
    String outer = people.group("outer", "group:" + inner);
    place.give("group:" + outer, "read", "write");
    place.worksAtAll();

    admin(on).delete("/groups/" + outer + "/members/group:" + inner).is(204);

    place.isGoneAtAll();
  }

  private void session(int on) {
    Place place = new Place();
    place.give("user:" + place.anna.user(), "read", "write");
    place.worksAtAll();

    place.at(on).delete("/sessions/current").is(204);

    place.isLoggedOutAtAll();
  }

  private void account(int on) {
    Place place = new Place();
    place.give("user:" + place.anna.user(), "read", "write");
    place.worksAtAll();

    admin(on).patch("/users/" + place.anna.user(), "{'disabled':true}").is(200);

    place.isLoggedOutAtAll();
  }

  private Client admin(int replica) {
    return replicas.get(replica % ReplicasTest.COUNT).admin();
  }

  /** A file in a folder of a team, and somebody who may have rights there. */
  private final class Place {
    private final Client anna = people.person("anna");
    private final String slug = people.workspace("team");
    private final String file =
        people.admin().put("/files/" + slug + "/folder/file", "text").is(201).id();
    private final String folder =
        people.admin().get("/nodes/lookup?path=/" + slug + "/folder").is(200).id();

    Client at(int replica) {
      return replicas.get(replica % ReplicasTest.COUNT).as(anna);
    }

    void give(String subject, String... rights) {
      give(ThreadLocalRandom.current().nextInt(ReplicasTest.COUNT), subject, rights);
    }

    void give(int on, String subject, String... rights) {
      Answer given =
          admin(on).putJson("/nodes/" + folder + "/permissions/" + subject, People.rights(rights));
      assertThat(given.status()).as(given.text()).isIn(200, 201);
    }

    void withdraw(int on, String subject) {
      admin(on).delete("/nodes/" + folder + "/permissions/" + subject).is(204);
    }

    void worksAtAll() {
      for (int i = 0; i < ReplicasTest.COUNT; i++) {
        assertThat(at(i).get("/nodes/" + file + "/content").is(200).text()).isEqualTo("text");
        at(i).patch("/nodes/" + file, "{'tags':['at-" + i + "']}").is(200);
      }
    }

    void isGoneAtAll() {
      for (int i = 0; i < ReplicasTest.COUNT; i++) {
        at(i).get("/nodes/" + file).isProblem(404, "not-found");
        at(i).get("/nodes/" + file + "/content").isProblem(404, "not-found");
        at(i).patch("/nodes/" + file, "{'tags':['y']}").isProblem(404, "not-found");
        at(i).put("/files/" + slug + "/folder/file", "other").isProblem(404, "not-found");
      }
    }

    void isLoggedOutAtAll() {
      for (int i = 0; i < ReplicasTest.COUNT; i++) {
        at(i).get("/nodes/" + file).isProblem(401, "unauthenticated");
        at(i).get("/me").isProblem(401, "unauthenticated");
      }
    }
  }
}
