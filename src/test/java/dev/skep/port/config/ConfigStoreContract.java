package dev.skep.port.config;

import static dev.skep.testkit.Failing.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.skep.common.ErrorCode;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Conflict;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.port.config.ConfigStore.Watch;
import dev.skep.testkit.tier.Essential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ConfigStore} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ConfigStoreContract {

  private static final Author ANNA =
      new Author("anna", Instant.parse("2026-03-01T10:00:00.123456Z"));
  private static final Author BERT = new Author("bert", Instant.parse("2026-03-02T10:00:00Z"));

  private ConfigStore store;

  /** Opens the store; the second time on the data of the first. */
  protected abstract ConfigStore start() throws Exception;

  protected abstract void stop() throws Exception;

  /** What another replica sees; the same store where a driver serves one process only. */
  protected ConfigStore otherReplica() {
    return store;
  }

  /** How long a watcher may take to see a change; after an outage the port promises this much. */
  protected Duration seenWithin() {
    return Duration.ofSeconds(15);
  }

  /** Takes the target away for writing, or gives it back without a restart. */
  protected abstract void setDown(boolean down) throws Exception;

  /** Takes the room for more settings, or gives it back. */
  protected abstract void setFull(boolean full) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = start();
  }

  @AfterEach
  void close() throws Exception {
    stop();
  }

  private void restart() throws Exception {
    stop();
    store = start();
  }

  private Entry create(String key, String value) {
    return store.set(key, value, ConfigStore.ABSENT, ANNA);
  }

  @Nested
  protected class KeysAndValues {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", ".", "_", "-", "/", "a.b_c/d-e", "//"})
    void aKeyHoldsLowerCaseLettersDigitsAndFourSigns(String key) {
      create(key, "value");
      assertThat(store.get(key)).extracting(Entry::value).isEqualTo("value");
    }

    @Test
    void aKeyHas200CharactersAtMost() {
      create("k".repeat(200), "value");
      assertThat(store.list("k")).containsOnlyKeys("k".repeat(200));
      assertThatIllegalArgumentException().isThrownBy(() -> create("k".repeat(201), "value"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "ä", "a\n", "a:b"})
    void aKeyOfAnyOtherFormIsRefused(String key) {
      assertThatIllegalArgumentException().isThrownBy(() -> create(key, "value"));
      assertThatIllegalArgumentException().isThrownBy(() -> store.get(key));
      assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key, 1, ANNA));
      assertThatIllegalArgumentException().isThrownBy(() -> store.history(key, 1));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", " ", "{\"a\": [1, null]}", "ünï ✓ 𝄞 \u0000 \r\n \t \" \\ </script>"})
    @Essential
    void aValueIsAnyText(String value) throws Exception {
      create("key", value);
      assertThat(store.get("key").value()).isEqualTo(value);
      restart();
      assertThat(store.get("key").value()).isEqualTo(value);
    }

    @Test
    void aValueHas64KiBOfUtf8AtMost() {
      String longest = "ü".repeat(32 * 1024);
      create("long", longest);
      assertThat(store.get("long").value()).isEqualTo(longest);
      assertThatIllegalArgumentException().isThrownBy(() -> create("longer", longest + "u"));
      assertThat(store.get("longer")).isNull();
    }

    @Test
    void aValueThatIsNoUnicodeIsRefused() {
      assertThatIllegalArgumentException().isThrownBy(() -> create("key", "\ud800"));
    }
  }

  @Nested
  protected class Writing {

    @Test
    void aKeyThatWasNeverSetIsAbsent() {
      assertThat(store.get("missing")).isNull();
      assertThat(store.list("")).isEmpty();
      assertThat(store.history("missing", 10)).isEmpty();
    }

    @Test
    void setGivesTheEntryThatGetSees() {
      Entry set = create("key", "value");
      assertThat(set.value()).isEqualTo("value");
      assertThat(set.author()).isEqualTo(ANNA);
      assertThat(store.get("key")).isEqualTo(set);
      assertThat(otherReplica().get("key")).isEqualTo(set);
    }

    @Test
    void aNewKeyIsRefusedWhereItExists() {
      Entry first = create("key", "first");
      assertConflict(() -> create("key", "second"));
      assertThat(store.get("key")).isEqualTo(first);
    }

    @Test
    void aWriteWithAnOldOrForeignRevisionIsRefusedAndChangesNothing() {
      Entry first = create("key", "first");
      Entry second = store.set("key", "second", first.revision(), BERT);
      for (long wrong :
          new long[] {ConfigStore.ABSENT, first.revision(), second.revision() + 1, -1}) {
        assertConflict(() -> store.set("key", "third", wrong, ANNA));
        assertConflict(() -> store.delete("key", wrong, ANNA));
      }
      assertConflict(() -> store.set("missing", "value", second.revision(), ANNA));
      assertThat(store.get("key")).isEqualTo(second);
      assertThat(store.history("key", 10)).hasSize(2);
    }

    @Test
    void aDeletedKeyIsGoneAndCannotBeDeletedAgain() throws Exception {
      Entry entry = create("key", "value");
      store.delete("key", entry.revision(), ANNA);
      assertThat(store.get("key")).isNull();
      assertConflict(() -> store.delete("key", entry.revision(), ANNA));
      assertConflict(() -> store.delete("key", ConfigStore.ABSENT, ANNA));
      restart();
      assertThat(store.get("key")).isNull();
    }

    @Test
    @Essential
    void whatWasWrittenIsThereAfterARestart() throws Exception {
      Entry kept = create("kept", "value");
      Entry changed = store.set("changed", "new", create("changed", "old").revision(), BERT);
      List<Change> history = store.history("changed", 10);
      restart();
      assertThat(store.list("")).isEqualTo(Map.of("kept", kept, "changed", changed));
      assertThat(store.history("changed", 10)).isEqualTo(history);
    }

    @Test
    void theHistoryTellsEachChangeNewestFirst() {
      Entry one = create("key", "one");
      Entry two = store.set("key", "two", one.revision(), BERT);
      store.delete("key", two.revision(), ANNA);
      Entry three = create("key", "three");
      List<Change> history = store.history("key", 10);
      assertThat(history)
          .extracting(Change::before, Change::after, Change::author)
          .containsExactly(
              tuple(null, "three", ANNA),
              tuple("two", null, ANNA),
              tuple("one", "two", BERT),
              tuple(null, "one", ANNA));
      assertThat(history.getFirst().revision()).isEqualTo(three.revision());
      assertThat(history.getLast().revision()).isEqualTo(one.revision());
      assertThat(store.history("key", 2)).isEqualTo(history.subList(0, 2));
    }

    @Test
    void theLatest100ChangesOfAKeyAreKept() throws Exception {
      create("other", "value");
      long revision = ConfigStore.ABSENT;
      for (int i = 1; i <= ConfigStore.HISTORY + 5; i++) {
        revision = store.set("key", "v" + i, revision, ANNA).revision();
      }
      for (int round = 0; round < 2; round++) {
        List<Change> history = store.history("key", 1000);
        assertThat(history).hasSize(ConfigStore.HISTORY);
        assertThat(history.getFirst().after()).isEqualTo("v105");
        assertThat(history.getLast().before()).isEqualTo("v5");
        assertThat(store.history("other", 1000)).hasSize(1);
        restart();
      }
    }

    @Test
    void revisionsGrowWithEveryWriteAndAreNeverUsedAgain() throws Exception {
      Set<Long> used = new HashSet<>();
      long last = ConfigStore.ABSENT;
      for (int i = 0; i < 10; i++) {
        Entry a = create("a", "value");
        Entry b = create("b" + i, "value");
        assertThat(a.revision()).isGreaterThan(last);
        assertThat(b.revision()).isGreaterThan(a.revision());
        store.delete("a", a.revision(), ANNA);
        last = store.history("a", 1).getFirst().revision();
        assertThat(last).isGreaterThan(b.revision());
        assertThat(List.of(used.add(a.revision()), used.add(b.revision()), used.add(last)))
            .containsOnly(true);
        if (i % 3 == 0) {
          restart();
        }
      }
    }

    @Test
    void ofManyCompareAndSetsNoneIsLost() throws Exception {
      int threads = 64;
      int each = 5;
      create("counter", "0");
      CountDownLatch ready = new CountDownLatch(threads);
      try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> racers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Author author = new Author("racer-" + t, Instant.EPOCH);
          racers.add(
              pool.submit(
                  () -> {
                    ready.countDown();
                    ready.await();
                    for (int i = 0; i < each; i++) {
                      increment(author);
                    }
                    return null;
                  }));
        }
        for (Future<?> racer : racers) {
          racer.get(100, TimeUnit.SECONDS);
        }
      }
      assertThat(store.get("counter").value()).isEqualTo(Integer.toString(threads * each));
      replay(store.history("counter", ConfigStore.HISTORY), threads * each);
    }

    private void increment(Author author) {
      while (true) {
        Entry now = store.get("counter");
        String next = Integer.toString(Integer.parseInt(now.value()) + 1);
        try {
          store.set("counter", next, now.revision(), author);
          return;
        } catch (Conflict e) {
          Thread.onSpinWait();
        }
      }
    }

    /** Each change begins where the one before ended, in growing revisions. */
    private static void replay(List<Change> newestFirst, int last) {
      assertThat(newestFirst).hasSize(ConfigStore.HISTORY);
      int expected = last;
      long later = Long.MAX_VALUE;
      for (Change change : newestFirst) {
        assertThat(change.after()).isEqualTo(Integer.toString(expected));
        assertThat(change.before()).isEqualTo(Integer.toString(expected - 1));
        assertThat(change.revision()).isLessThan(later);
        later = change.revision();
        expected--;
      }
    }

    @Test
    void listHoldsTheEntriesUnderThePrefixByKey() {
      List.of("b", "a/2", "a", "a/1", "a.x").forEach(key -> create(key, "value of " + key));
      assertThat(store.list("a/").keySet()).containsExactly("a/1", "a/2");
      assertThat(store.list("").keySet()).containsExactly("a", "a.x", "a/1", "a/2", "b");
      assertThat(store.list("a/1").get("a/1").value()).isEqualTo("value of a/1");
      assertThat(store.list("c")).isEmpty();
    }

    private static void assertConflict(Runnable call) {
      assertThatExceptionOfType(Conflict.class).isThrownBy(call::run);
    }
  }

  @Nested
  protected class Watching {

    private final BlockingQueue<Map<String, Entry>> seen = new LinkedBlockingQueue<>();

    private Map<String, Entry> next() throws InterruptedException {
      Map<String, Entry> state = seen.poll(seenWithin().toSeconds(), TimeUnit.SECONDS);
      assertThat(state).as("state within 15 s").isNotNull();
      return state;
    }

    private void awaitState(Map<String, Entry> wanted) throws InterruptedException {
      Map<String, Entry> state = next();
      while (!state.equals(wanted)) {
        state = next();
      }
    }

    @Test
    void beginsWithTheWholeStateUnderThePrefix() throws Exception {
      Entry inside = create("a/1", "value");
      create("b", "value");
      try (Watch watch = store.watch("a/", seen::add)) {
        assertThat(next()).isEqualTo(Map.of("a/1", inside));
      }
      try (Watch watch = store.watch("none/", seen::add)) {
        assertThat(next()).isEmpty();
      }
    }

    @Test
    void tellsEveryChangeUnderThePrefixDeletionsIncluded() throws Exception {
      try (Watch watch = store.watch("a/", seen::add)) {
        assertThat(next()).isEmpty();
        Entry one = create("a/1", "one");
        awaitState(Map.of("a/1", one));
        create("b", "outside");
        Entry two = otherReplica().set("a/2", "two", ConfigStore.ABSENT, BERT);
        awaitState(Map.of("a/1", one, "a/2", two));
        store.delete("a/1", one.revision(), ANNA);
        awaitState(Map.of("a/2", two));
        Entry again = store.set("a/2", "two", two.revision(), ANNA);
        awaitState(Map.of("a/2", again));
      }
    }

    @Test
    void neverTellsAnOlderStateAfterANewerOne() throws Exception {
      int writes = 200;
      List<Long> revisions = new ArrayList<>();
      CompletableFuture<Void> last = new CompletableFuture<>();
      long revision = create("key", "0").revision();
      try (Watch watch =
          store.watch(
              "key",
              state -> {
                revisions.add(state.get("key").revision());
                if (state.get("key").value().equals(Integer.toString(writes))) {
                  last.complete(null);
                }
              })) {
        for (int i = 1; i <= writes; i++) {
          revision = store.set("key", Integer.toString(i), revision, ANNA).revision();
        }
        last.get(seenWithin().toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aSlowWatcherDelaysNobodyAndSeesTheLatestState() throws Exception {
      CountDownLatch hold = new CountDownLatch(1);
      try (Watch watch =
          store.watch(
              "",
              state -> {
                awaitUninterruptibly(hold);
                seen.add(state);
              })) {
        create("a", "value");
        create("b", "value");
        hold.countDown();
        awaitState(store.list(""));
      }
    }

    @Test
    void whatAWatcherThrowsDoesNotEndTheWatch() throws Exception {
      try (Watch watch =
          store.watch(
              "",
              state -> {
                seen.add(state);
                throw new IllegalStateException("thrown by the test's watcher");
              })) {
        assertThat(next()).isEmpty();
        awaitState(Map.of("key", create("key", "value")));
      }
    }

    @Test
    void runsOnAVirtualThread() throws Exception {
      CompletableFuture<Boolean> virtual = new CompletableFuture<>();
      try (Watch watch =
          store.watch("", state -> virtual.complete(Thread.currentThread().isVirtual()))) {
        assertThat(virtual.get(seenWithin().toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }

    @Test
    void afterCloseTheWatcherIsNotCalledAgain() throws Exception {
      for (int round = 0; round < 20; round++) {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Watch watch =
            store.watch(
                "",
                state -> {
                  Thread.yield();
                  if (closed.get()) {
                    late.incrementAndGet();
                  }
                });
        create("a" + round, "value");
        watch.close();
        closed.set(true);
        create("b" + round, "value");
        assertThat(late).hasValue(0);
        watch.close();
      }
    }

    @Test
    void aWatcherMayCloseItsOwnWatch() throws Exception {
      CompletableFuture<Watch> self = new CompletableFuture<>();
      AtomicInteger calls = new AtomicInteger();
      CompletableFuture<Void> done = new CompletableFuture<>();
      self.complete(
          store.watch(
              "",
              state -> {
                calls.incrementAndGet();
                self.join().close();
                done.complete(null);
              }));
      done.get(seenWithin().toSeconds(), TimeUnit.SECONDS);
      create("key", "value");
      assertThat(calls).hasValue(1);
    }

    @Test
    void aWatcherMayWrite() throws Exception {
      try (Watch watch =
          store.watch(
              "trigger",
              state -> {
                if (!state.isEmpty()) {
                  seen.add(Map.of("effect", create("effect", "value")));
                }
              })) {
        create("trigger", "value");
        assertThat(next()).isEqualTo(store.list("effect"));
      }
    }

    @Test
    @Essential
    void survivesAnOutageAndSeesTheLatestStateAfterIt() throws Exception {
      Entry gone = create("gone", "value");
      try (Watch watch = store.watch("", seen::add)) {
        awaitState(Map.of("gone", gone));
        setDown(true);
        setDown(false);
        store.delete("gone", gone.revision(), ANNA);
        awaitState(Map.of("new", create("new", "value")));
      }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  protected class Failures {

    @Test
    @Essential
    void aStoreThatDoesNotAnswerRefusesWritesAsUnavailableAndComesBackWithoutARestart()
        throws Exception {
      Entry before = create("key", "before");
      setDown(true);
      assertFails(ErrorCode.UNAVAILABLE, () -> store.set("key", "down", before.revision(), ANNA));
      setDown(false);
      assertThat(store.get("key")).isEqualTo(before);
      Entry after = store.set("key", "after", before.revision(), ANNA);
      restart();
      assertThat(store.get("key")).isEqualTo(after);
      assertThat(store.history("key", 10)).hasSize(2);
    }

    @Test
    void aFullStoreRefusesWritesAndKeepsWhatItHas() throws Exception {
      Entry before = create("key", "before");
      setFull(true);
      assertFails(ErrorCode.NO_SPACE, () -> store.set("key", "more", before.revision(), ANNA));
      assertThat(store.get("key")).isEqualTo(before);
      setFull(false);
      restart();
      assertThat(store.get("key")).isEqualTo(before);
      store.set("key", "after", before.revision(), ANNA);
    }
  }
}
