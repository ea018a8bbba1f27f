package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The disk fails to force SQLite's log once (P2): the write has an unknown outcome, and nothing is
 * written any more, though the disk seems to work again, until Skep is started anew.
 */
@Tag("P2")
final class FailedForceTest {

  private static final int KEPT = 10;
  private static final Duration HEALTH_IS_OLD = Duration.ofMillis(1500);

  @Test
  void aFailedForceOfTheDatabaseEndsWritingUntilARestartAndReadingGoesOn() throws Exception {
    Path data = Skep.newFolder("skep-data");
    try (Skep skep = Skep.on(data).start()) {
      Client admin = skep.admin();
      for (int i = 0; i < KEPT; i++) {
        admin.put("/files/home/kept/" + i, "kept " + i).is(201);
      }
      admin.get("/q/health/ready").is(200);
      failOnce(skep, admin);

      readingGoesOn(admin);
      everyWriteIsRefused(skep, admin);
      unready(admin);
      skep.stop();
    }
    try (Skep skep = Skep.on(data).start()) {
      Client admin = skep.admin();
      readingGoesOn(admin);
      admin.get("/q/health/ready").is(200);
      for (String refused : new String[] {"refused", "refused-too", "new"}) {
        admin.get("/files/home/" + refused).isProblem(404, "not-found");
      }
      assertThat(admin.get("/files/home/unknown/").status()).isIn(200, 404);
      admin.put("/files/home/after/", new byte[0]).is(201);
    }
  }

  private static void failOnce(Skep skep, Client admin) throws Exception {
    Path log = skep.data().resolve("sql/skep.db-wal").toRealPath();
    try (FailingForces forces = FailingForces.of(log, skep.process().toHandle())) {
      Answer unknown = admin.put("/files/home/unknown/", new byte[0]);
      System.out.println("A write whose force failed: " + unknown.text());
      unknown.isProblem(503, "unknown-outcome");
      assertThat(unknown.header("Retry-After")).isNotEmpty();
      admin.put("/files/home/refused/", new byte[0]).isProblem(503, "unavailable");
      readingGoesOn(admin);
      unready(admin);
      assertThat(forces.failed()).as("forces of the log, none of them repeated").isEqualTo(1);
    }
  }

  private static void readingGoesOn(Client admin) {
    for (int i = 0; i < KEPT; i++) {
      assertThat(admin.get("/files/home/kept/" + i).is(200).text()).isEqualTo("kept " + i);
    }
    assertThat(admin.get("/files/home/kept/").is(200).items("name")).hasSize(KEPT);
    admin.get("/me").is(200);
  }

  /** The disk works again, which proves nothing about what it has lost. */
  private static void everyWriteIsRefused(Skep skep, Client admin) {
    Answer refused = admin.put("/files/home/refused-too/", new byte[0]);
    refused.isProblem(503, "unavailable");
    assertThat(refused.text("detail")).contains("nothing is written until Skep is started again");
    admin.put("/files/home/new", "new").isProblem(503, "unavailable");
    admin.delete("/files/home/kept/0").isProblem(503, "unavailable");
    String root = admin.get("/nodes/lookup?path=/home/").is(200).id();
    admin.post("/nodes/" + root + "/children", "{'name':'new'}").isProblem(503, "unavailable");
    skep.as("admin", skep.adminFile("password")).post("/sessions").isProblem(503, "unavailable");
  }

  private static void unready(Client admin) throws InterruptedException {
    // What a port has answered is told for a second.
    Thread.sleep(HEALTH_IS_OLD);
    Answer ready = admin.get("/q/health/ready").is(503);
    assertThat(ready.json().path("status").asText()).isEqualTo("DOWN");
    ready
        .json()
        .path("checks")
        .forEach(
            check ->
                assertThat(check.path("status").asText())
                    .as("%s in %s", check.path("name"), ready.text())
                    .isEqualTo(check.path("name").asText().equals("sql") ? "DOWN" : "UP"));
    admin.get("/q/health/live").is(200);
  }
}
