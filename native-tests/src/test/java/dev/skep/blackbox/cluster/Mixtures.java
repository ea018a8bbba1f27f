package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.testkit.tier.OnlyInSoak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may not run beside the others is refused by name; what may, runs (P23, ADR 15). */
@Tag("P23")
abstract class Mixtures {

  /** Until it is known whether what is in the way lives: 10 s, after a start on a busy machine. */
  private static final Duration REFUSAL = Duration.ofSeconds(150);

  /** All ports but the one in which replicas meet. */
  private static final List<String> SHARED =
      List.of("objects", "config", "cache", "pubsub", "coordinator", "registry");

  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final Replicas replicas;
  private final Servers servers;

  Mixtures(Replicas replicas) {
    this.replicas = replicas;
    this.servers = replicas.servers();
  }

  @Test
  void oneMoreWithEmbeddedPortsIsRefusedByTheirKeysAndTheOthersGoOn() {
    List<String> before = servers.heartbeats();
    Replica one = launchWith(List.of("objects"));
    Replica many = launchWith(SHARED);
    Replica apart = launchWith(List.of("sql"));

    assertThat(refusal(one))
        .contains(
            "Skep cannot start: one problem.",
            "  skep.objects.driver=embedded: replica ",
            ", which runs on the same tables of sql, has s3. ");
    String report = refusal(many);
    assertThat(report).contains("Skep cannot start: " + SHARED.size() + " problems.");
    SHARED.forEach(
        port ->
            assertThat(report)
                .containsPattern(
                    "  skep\\."
                        + port
                        + "\\.driver=embedded: replica [^,]+, which runs on the same tables of"
                        + " sql,"));
    assertThat(refusal(apart))
        .contains(
            "Skep cannot start: one problem.",
            "  skep.sql.driver=embedded: replica ",
            ", in the same registry, serves another drive on mysql. ");

    assertThat(servers.heartbeats()).isEqualTo(before);
    replicas.all().forEach(each -> assertThat(each.isWhole()).isTrue());
  }

  private Replica launchWith(List<String> embedded) {
    return replicas.launch(
        setup ->
            embedded.forEach(
                port ->
                    setup.with("SKEP_" + port.toUpperCase(Locale.ROOT) + "_DRIVER", "embedded")));
  }

  /** What it says at its end, which must come by itself. */
  private static String refusal(Replica replica) {
    assertThat(replica.skep().awaitEnd(REFUSAL)).as(replica.skep()::output).isEqualTo(1);
    String output = replica.skep().output();
    assertThat(output).doesNotContain("Exception", "\tat ");
    return output;
  }

  /** No clock is compared: both live, see each other, share the work; and an operator is told. */
  @Test
  @OnlyInSoak
  void oneWhoseClockIsFiveMinutesAheadRunsBesideTheOthersAndIsTold() {
    Path faketime = faketime();
    Replica ahead =
        replicas.launch(
            setup ->
                setup
                    .with("LD_PRELOAD", faketime.toString())
                    .with("FAKETIME", "+" + AHEAD.toSeconds() + "s")
                    .with("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
    try {
      long begin = System.nanoTime();
      ahead.awaitWhole(Duration.ofSeconds(150));
      System.out.printf(
          "a replica five minutes ahead is whole after %d ms%n",
          (System.nanoTime() - begin) / 1_000_000);
      assertThat(Duration.between(Instant.now(), clock(ahead)))
          .as("its clock")
          .isBetween(AHEAD.minusMinutes(1), AHEAD.plusMinutes(1));
      Replica other = replicas.get(0);
      // Longer than a row that does not change counts as living.
      long end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
      while (System.nanoTime() < end) {
        for (Replica each : List.of(ahead, other)) {
          assertThat(each.admin().get("/cluster").is(200).json().path("replicas"))
              .hasSize(ReplicasTest.COUNT + 1);
        }
        works(ahead, other);
        works(other, ahead);
      }
      ahead.await(
          Duration.ofSeconds(40), "has no share", () -> !Shares.at(other).of(ahead).isEmpty());
      assertThat(other.admin().get("/cluster").is(200).json().path("warnings").toString())
          .contains("The clock of replica " + ahead.id() + " is about ", " s ahead of this one's");
      assertThat(ahead.admin().get("/cluster").is(200).json().path("warnings").toString())
          .contains("The clock of replica " + other.id() + " is about ", " s behind this one's");
      ahead.stop();
    } finally {
      if (ahead.isRunning()) {
        ahead.kill();
      }
    }
  }

  private static void works(Replica one, Replica other) {
    People people = new People(one.admin());
    Client anna = people.person("anna");
    one.as(anna).put("/files/home/file", "text").is(201);
    assertThat(other.as(anna).get("/files/home/file").is(200).text()).isEqualTo("text");
    other.as(anna).delete("/sessions/current").is(204);
    one.as(anna).get("/me").isProblem(401, "unauthenticated");
  }

  private static Instant clock(Replica replica) {
    String at =
        replica.admin().put("/files/home/clock-" + replica.number(), "x").is(201).text("createdAt");
    return ZonedDateTime.parse(at, DateTimeFormatter.ISO_DATE_TIME).toInstant();
  }

  private static Path faketime() {
    Path found = null;
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      found =
          folders
              .map(folder -> folder.resolve("faketime/libfaketime.so.1"))
              .filter(Files::exists)
              .findFirst()
              .orElse(null);
    } catch (IOException e) {
      // then there is none
    }
    assumeTrue(found != null, "a clock of its own needs libfaketime, not on this machine");
    return found;
  }
}
