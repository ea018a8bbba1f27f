package dev.skep.port.config.etcd;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.port.config.ConfigStore.Watch;
import dev.skep.testkit.Race;
import dev.skep.testkit.Strands;
import dev.skep.testkit.server.EtcdAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can happen to an etcd and to the line, and that the store recovers without a restart. */
@Tag("server")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P15")
class EtcdConfigStoreFaultsTest {

  private static final Author ANNA = new Author("anna", Instant.parse("2026-03-01T10:00:00Z"));

  /** What the port promises after an outage, and some for a slow machine. */
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  private static final Duration TIME_OUT = Duration.ofSeconds(2);

  private static EtcdAccess access;

  private final String prefix = "test-" + UUID.randomUUID();
  private EtcdConfigStore store;
  private EtcdConfigStore other;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.own("config");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (access != null) {
      access.close();
    }
  }

  @BeforeEach
  void open() {
    store =
        access
            .byTheLine("config", prefix)
            .configure("skep.config.etcd.time-out", "2s")
            .get(EtcdConfigStore.class);
    store.open();
    other = access.direct("config", prefix).get(EtcdConfigStore.class);
    other.open();
  }

  @AfterEach
  void close() {
    access.line().mend();
    store.close();
    other.close();
  }

  /** P15. */
  @Test
  void aWatchInABlackHoleSeesWhatWasDeletedAndChangedAndCompactedMeanwhile() {
    Entry gone = set(other, "gone", "value");
    Entry old = set(other, "changed", "old");
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("", seen::set)) {
      eventually("the first state", RECOVERY, () -> seen.get().size() == 2);

      access.line().silence();
      other.delete("gone", gone.revision(), ANNA);
      Entry fresh = other.set("changed", "new", old.revision(), ANNA);
      access.server().compact();
      pause(Duration.ofSeconds(8));
      assertThat(seen.get()).containsKey("gone");
      access.line().mend();

      long began = System.nanoTime();
      eventually("both are seen", RECOVERY, () -> seen.get().equals(Map.of("changed", fresh)));
      say("black hole of 8 s, seen after", began);
    }
  }

  /** The line comes back with its connections, as when a cable is plugged in again. */
  @Test
  void aWatchOnASilentLineNoticesByItself() {
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>();
    try (Watch watch = store.watch("", seen::set)) {
      eventually("the first state", RECOVERY, () -> seen.get() != null);
      Duration silence = Duration.ofSeconds(3);
      access.line().silence();
      Entry fresh = set(other, "key", "value");
      pause(silence);
      access.line().mend();
      eventually("it is seen", RECOVERY, () -> seen.get().equals(Map.of("key", fresh)));
    }
  }

  @Test
  void aWatchSurvivesACompactionAfterACut() {
    Entry first = set(other, "key", "first");
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("", seen::set)) {
      eventually("the first state", RECOVERY, () -> seen.get().containsKey("key"));
      access.line().cut();
      Entry second = other.set("key", "second", first.revision(), ANNA);
      Entry third = other.set("key", "third", second.revision(), ANNA);
      access.server().compact();
      access.line().mend();
      eventually("the latest", RECOVERY, () -> seen.get().equals(Map.of("key", third)));
    }
  }

  @Test
  void aFrozenServerIsUnavailableInTimeAndBackAfterwards() throws Exception {
    Entry before = set(store, "key", "before");
    access.server().process().freeze();
    try {
      assertUnavailable(() -> store.get("key"));
      assertUnavailable(() -> store.list(""));
      assertUnavailable(() -> store.set("key", "frozen", before.revision(), ANNA));
      assertUnavailable(store::check);
    } finally {
      access.server().process().thaw();
    }
    eventually("it answers", RECOVERY, () -> answers(store));
    assertThat(store.get("key")).isEqualTo(before);
    assertThat(store.set("key", "after", before.revision(), ANNA).value()).isEqualTo("after");
  }

  @Test
  void aKilledServerComesBackWithAllThatWasAcknowledged() throws Exception {
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("", seen::set)) {
      Entry before = set(store, "key", "before");
      access.server().process().kill();
      assertUnavailable(() -> store.set("key", "down", before.revision(), ANNA));
      pause(Duration.ofSeconds(3));
      access.server().process().restart();
      eventually("it answers", RECOVERY, () -> answers(store));
      assertThat(store.get("key")).isEqualTo(before);
      Entry after = store.set("key", "after", before.revision(), ANNA);
      eventually("the watch sees it", RECOVERY, () -> seen.get().equals(Map.of("key", after)));
      assertThat(store.history("key", 10))
          .extracting(Change::after)
          .containsExactly("after", "before");
    }
  }

  @Test
  void aSlowLineIsSlowOnly() {
    access.line().slow(Duration.ofMillis(100));
    Entry entry = set(store, "key", "value");
    assertThat(store.get("key")).isEqualTo(entry);
    assertThat(store.list("")).hasSize(1);
  }

  /**
   * The line is cut at random moments; each writer writes down what it was told. What was
   * acknowledged is there, what was refused is not, and only of an unknown outcome both may be.
   */
  @Test
  void underCutsWhatIsAcknowledgedHappenedAndWhatIsRefusedDidNot() throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger unknown = new AtomicInteger();
    Thread cutter = Thread.ofVirtual().start(() -> cutAgainAndAgain(end));
    long until = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    Race.of(
        8,
        writer ->
            () -> {
              String key = "writer-" + writer;
              int number = 0;
              while (System.nanoTime() < until) {
                number++;
                // Past the line, so that what happened is surely known.
                Entry now = other.get(key);
                long expected = now == null ? ConfigStore.ABSENT : now.revision();
                String value = Integer.toString(number);
                try {
                  Entry set = store.set(key, value, expected, ANNA);
                  assertThat(other.get(key)).isEqualTo(set);
                  acknowledged.incrementAndGet();
                } catch (SkepException e) {
                  Entry after = other.get(key);
                  if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
                    unknown.incrementAndGet();
                  } else {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(after).as("refused, so unchanged").isEqualTo(now);
                    refused.incrementAndGet();
                  }
                }
              }
              return null;
            });
    end.set(true);
    cutter.join();
    System.out.printf(
        "config etcd under cuts: %d acknowledged, %d refused, %d of unknown outcome%n",
        acknowledged.get(), refused.get(), unknown.get());
    assertThat(acknowledged).hasPositiveValue();
    assertThat(refused).hasPositiveValue();
    for (int writer = 0; writer < 8; writer++) {
      replay(other.history("writer-" + writer, ConfigStore.HISTORY));
    }
  }

  /** Each change begins where the one before ended. */
  private static void replay(List<Change> newestFirst) {
    for (int i = 0; i + 1 < newestFirst.size(); i++) {
      assertThat(newestFirst.get(i).before()).isEqualTo(newestFirst.get(i + 1).after());
      assertThat(newestFirst.get(i).revision()).isGreaterThan(newestFirst.get(i + 1).revision());
    }
  }

  private static void cutAgainAndAgain(AtomicBoolean end) {
    Random random = new Random();
    for (int cut = 1; !end.get(); cut++) {
      pause(Duration.ofMillis(random.nextInt(50, 400)));
      access.line().cut();
      // Some last so long that a call gives up.
      pause(Duration.ofMillis(cut % 8 == 0 ? 2_500 : random.nextInt(1, 100)));
      access.line().mend();
    }
  }

  @Test
  void moreThanFitsIntoOneAnswerIsListedAndWatched() {
    String large = "x".repeat(64 * 1024);
    int count = 100;
    for (int i = 0; i < count; i++) {
      set(other, "large/%03d".formatted(i), large);
    }
    assertThat(store.list("large/")).hasSize(count);
    assertThat(List.copyOf(store.list("large/").keySet())).isSorted();
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("large/", seen::set)) {
      eventually("all are seen", RECOVERY, () -> seen.get().size() == count);
    }
    other.list("large/").forEach((key, entry) -> other.delete(key, entry.revision(), ANNA));
    access.server().compact();
  }

  @Test
  void whatSkepDidNotWriteHidesNothingElse() {
    Entry good = set(other, "good", "value");
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>();
    access.server().put(prefix + "/config/values/bad", "written by hand");
    try (Watch watch = store.watch("", seen::set)) {
      eventually("the good one is seen", RECOVERY, () -> Map.of("good", good).equals(seen.get()));
    }
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(() -> store.get("bad"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .satisfies(e -> assertThat(e.detail()).contains("bad").doesNotContain("by hand"));
  }

  @Test
  void twoInstallationsOnOneServerDoNotSeeEachOther() {
    EtcdConfigStore foreign =
        access.direct("config", "test-" + UUID.randomUUID()).get(EtcdConfigStore.class);
    foreign.open();
    try {
      set(foreign, "key", "theirs");
      assertThat(store.get("key")).isNull();
      assertThat(store.list("")).isEmpty();
      assertThat(store.history("key", 10)).isEmpty();
    } finally {
      foreign.close();
    }
  }

  @Test
  void closingLeavesNoThreadAndNoConnectionBehind() {
    AtomicInteger calls = new AtomicInteger();
    store.watch("never-closed", state -> calls.incrementAndGet());
    eventually("the watch runs", RECOVERY, () -> calls.get() > 0);
    assertThat(Strands.named("etcd config values/never-closed")).hasSize(1);
    assertThat(access.line().connections()).isPositive();

    store.close();

    eventually(
        "the watch has ended",
        RECOVERY,
        () -> Strands.named("etcd config values/never-closed").isEmpty());
    eventually("no connection is left", RECOVERY, () -> access.line().connections() == 0);
    assertUnavailable(() -> store.get("key"));
  }

  private static Entry set(ConfigStore by, String key, String value) {
    return by.set(key, value, ConfigStore.ABSENT, ANNA);
  }

  private static boolean answers(EtcdConfigStore by) {
    try {
      by.check();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  private static void assertUnavailable(Runnable call) {
    long began = System.nanoTime();
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(TIME_OUT.plus(Duration.ofSeconds(1)));
  }

  private static void say(String what, long began) {
    System.out.printf(
        "config etcd: %s %d ms%n", what, Duration.ofNanos(System.nanoTime() - began).toMillis());
  }
}
