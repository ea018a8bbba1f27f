package dev.skep.port.sql;

import static dev.skep.port.sql.ContractSql.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.testkit.Race;
import dev.skep.testkit.tier.Essential;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every driver of {@link SqlStore} promises; one test a sentence. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SqlStoreContract {

  /**
   * The open store, the same one throughout a test; the tables of {@code db/contract} are empty.
   */
  protected abstract SqlStore store();

  /** Closes the store and opens another on the same data; {@link #store()} is that one. */
  protected abstract void restart();

  @Nested
  class Work {

    @Test
    void itsResultReachesTheCaller() {
      assertThat(store().<String>read(tx -> "result")).isEqualTo("result");
      assertThat(store().<String>write(tx -> "result")).isEqualTo("result");
      assertThat(store().<@Nullable String>read(tx -> null)).isNull();
      assertThat(store().<@Nullable String>write(tx -> null)).isNull();
    }

    @Test
    void whatItThrowsReachesTheCallerUnchanged() {
      for (Throwable thrown :
          List.of(new SkepException(ErrorCode.NAME_TAKEN, "taken"), new AssertionError("error"))) {
        assertThat(catchThrowable(() -> store().read(tx -> raise(thrown)))).isSameAs(thrown);
        assertThat(catchThrowable(() -> store().write(tx -> raise(thrown)))).isSameAs(thrown);
      }
    }

    @Test
    @Essential
    void whatItThrowsUndoesItsOwnChanges() {
      addCounter("a", 1);
      IllegalArgumentException thrown = new IllegalArgumentException("after two changes");
      Throwable caught =
          catchThrowable(
              () ->
                  store()
                      .write(
                          tx -> {
                            tx.update(SET_COUNTER, 2, "a");
                            tx.update(ADD_COUNTER, "b", 1);
                            return raise(thrown);
                          }));
      assertThat(caught).isSameAs(thrown);
      assertThat(counter("a")).isEqualTo(1);
      assertThat(has("b")).isFalse();
    }

    @Test
    void whatItThrowsUndoesNobodyElsesChanges() throws Exception {
      int threads = 32;
      int rounds = 20;
      for (int i = 0; i < threads; i++) {
        addCounter("t" + i, 0);
      }
      Race.of(
          threads,
          thread ->
              () -> {
                for (int round = 0; round < rounds; round++) {
                  countUpOrThrow("t" + thread, (thread + round) % 2 == 0);
                }
                return thread;
              });
      for (int i = 0; i < threads; i++) {
        assertThat(counter("t" + i)).isEqualTo(rounds / 2);
      }
    }

    @Test
    void itCannotCallTheStoreAgain() {
      addCounter("a", 1);
      assertThatIllegalStateException()
          .isThrownBy(
              () -> store().write(tx -> store().write(inner -> inner.update(SET_COUNTER, 9, "a"))));
      assertThatIllegalStateException()
          .isThrownBy(() -> store().write(tx -> store().read(inner -> 1)));
      assertThatIllegalStateException()
          .isThrownBy(
              () -> store().read(tx -> store().write(inner -> inner.update(SET_COUNTER, 9, "a"))));
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> store().read(inner -> 1)));
      assertThat(counter("a")).isEqualTo(1);
    }

    @Test
    void itsTxEndsWithIt() {
      addCounter("a", 1);
      AtomicReference<Tx> leaked = new AtomicReference<>();
      store().write(tx -> tell(leaked, tx));
      assertThatIllegalStateException().isThrownBy(() -> leaked.get().update(SET_COUNTER, 9, "a"));
      store().read(tx -> tell(leaked, tx));
      assertThatIllegalStateException().isThrownBy(() -> leaked.get().query(READ_COUNTER, "a"));
      assertThat(counter("a")).isEqualTo(1);
    }

    @Test
    void itsTxIsRefusedOnAnotherThread() {
      addCounter("a", 1);
      AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
      store()
          .write(
              tx -> {
                join(
                    Thread.ofVirtual()
                        .start(
                            () ->
                                caught.set(catchThrowable(() -> tx.update(SET_COUNTER, 9, "a")))));
                return 0;
              });
      assertThat(caught.get()).isInstanceOf(IllegalStateException.class);
      assertThat(counter("a")).isEqualTo(1);
    }

    private void countUpOrThrow(String counter, boolean throwing) {
      try {
        store()
            .write(
                tx -> {
                  tx.update(COUNT_UP, counter);
                  return throwing ? raise(new IllegalArgumentException("on purpose")) : 0;
                });
      } catch (IllegalArgumentException onPurpose) {
        assertThat(throwing).isTrue();
      }
    }
  }

  @Nested
  class Reading {

    @Test
    @Essential
    void seesOneSnapshotFromItsFirstStatementToItsLast() {
      addCounter("a", 1);
      List<Long> seen =
          store()
              .read(
                  tx -> {
                    long first = tx.one(READ_COUNTER, "a").orElseThrow().number("value");
                    inAnotherThread(
                        () -> store().write(other -> other.update(SET_COUNTER, 2, "a")));
                    long last = tx.one(READ_COUNTER, "a").orElseThrow().number("value");
                    return List.of(first, last);
                  });
      assertThat(seen).containsExactly(1L, 1L);
      assertThat(counter("a")).isEqualTo(2);
    }

    @Test
    void neverSeesHalfATransaction() throws Exception {
      addCounter("a", 500);
      addCounter("b", 500);
      AtomicBoolean over = new AtomicBoolean();
      List<Integer> wrong =
          Race.of(
              5,
              thread ->
                  () -> {
                    if (thread == 0) {
                      moveBackAndForth(200);
                      over.set(true);
                      return 0;
                    }
                    int sums = 0;
                    while (!over.get()) {
                      sums += sumInTwoStatements() == 1000 ? 0 : 1;
                    }
                    return sums;
                  });
      assertThat(wrong).containsOnly(0);
    }

    @Test
    void seesEverythingCommittedBeforeItWasCalled() throws Exception {
      addCounter("a", 0);
      for (long i = 1; i <= 200; i++) {
        long value = i;
        store().write(tx -> tx.update(SET_COUNTER, value, "a"));
        assertThat(Race.of(3, thread -> () -> counter("a"))).containsOnly(value);
      }
    }

    @Test
    void cannotWrite() {
      addCounter("a", 1);
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.update(SET_COUNTER, 9, "a")))
          .withMessageContaining("SET_COUNTER");
      assertThat(counter("a")).isEqualTo(1);
    }

    @Test
    void endsWithinFiveSecondsOrFailsAsUnavailable() {
      addCounters(1000);
      long start = System.nanoTime();
      assertThatThrownBy(() -> store().read(tx -> tx.query(LAST_FOR_EVER)))
          .isInstanceOfSatisfying(
              SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      for (int i = 0; i < 10; i++) {
        assertThat(counter("c1")).isEqualTo(1);
      }
    }

    @Test
    void doesNotHoldUpAWrite() {
      addCounter("a", 1);
      store()
          .read(
              tx -> {
                tx.query(READ_COUNTER, "a");
                inAnotherThread(() -> store().write(other -> other.update(SET_COUNTER, 2, "a")));
                return 0;
              });
      assertThat(counter("a")).isEqualTo(2);
    }

    private void moveBackAndForth(int rounds) {
      for (int i = 0; i < rounds; i++) {
        long a = i % 2 == 0 ? 400 : 500;
        store()
            .write(
                tx -> {
                  tx.update(SET_COUNTER, a, "a");
                  return tx.update(SET_COUNTER, 1000 - a, "b");
                });
      }
    }

    private long sumInTwoStatements() {
      return store()
          .read(
              tx ->
                  tx.one(READ_COUNTER, "a").orElseThrow().number("value")
                      + tx.one(READ_COUNTER, "b").orElseThrow().number("value"));
    }
  }

  @Nested
  class Writing {

    @Test
    void isThereAfterARestart() {
      addCounter("a", 1);
      store().write(tx -> tx.update(SET_COUNTER, 2, "a"));
      restart();
      assertThat(counter("a")).isEqualTo(2);
      store().write(tx -> tx.update(SET_COUNTER, 3, "a"));
      restart();
      assertThat(counter("a")).isEqualTo(3);
    }

    @Test
    void seesItsOwnChanges() {
      addCounter("a", 1);
      long seen =
          store()
              .write(
                  tx -> {
                    tx.update(SET_COUNTER, 2, "a");
                    return tx.one(READ_COUNTER, "a").orElseThrow().number("value");
                  });
      assertThat(seen).isEqualTo(2);
    }

    @Test
    void happensWholeOrNotAtAll() {
      assertThatThrownBy(
              () ->
                  store()
                      .write(
                          tx -> {
                            tx.update(ADD_COUNTER, "a", 1);
                            return tx.update(ADD_COUNTER, null, 1);
                          }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(has("a")).isFalse();
    }

    @Test
    void isUndoneWhenItIsMarkedAndItsResultIsReturnedAllTheSame() {
      addCounter("a", 1);
      long seen =
          store()
              .write(
                  tx -> {
                    tx.update(SET_COUNTER, 2, "a");
                    tx.rollBackOnly();
                    tx.update(ADD_COUNTER, "b", 1);
                    return tx.one(READ_COUNTER, "a").orElseThrow().number("value");
                  });
      assertThat(seen).isEqualTo(2);
      assertThat(counter("a")).isEqualTo(1);
      assertThat(has("b")).isFalse();
    }

    @Test
    @Essential
    void losesNoneOfManyRacingCompareAndSets() throws Exception {
      int threads = 64;
      int rounds = 5;
      addCounter("a", 0);
      Race.of(
          threads,
          thread ->
              () -> {
                for (int round = 0; round < rounds; round++) {
                  while (!comparedAndSet("a", counter("a"))) {
                    Thread.onSpinWait();
                  }
                }
                return thread;
              });
      assertThat(counter("a")).isEqualTo((long) threads * rounds);
    }

    @Test
    void losesNoneOfManyRacingChangesThatBeginWithTheRowThatSerialisesThem() throws Exception {
      addCounter("lock", 0);
      addCounter("a", 0);
      Race.of(32, thread -> () -> IntStream.range(0, 10).map(round -> readAndAddOne()).sum());
      assertThat(counter("a")).isEqualTo(320);
      assertThat(counter("lock")).isEqualTo(320);
    }

    @Test
    void letsOneOfManyRacingInsertsOfOneNameWin() throws Exception {
      for (int round = 0; round < 5; round++) {
        String name = "name " + round;
        List<UUID> ids = IntStream.range(0, 50).mapToObj(i -> UUID.randomUUID()).toList();
        List<Boolean> won = Race.of(50, thread -> () -> added(ids.get(thread), name));
        assertThat(won.stream().filter(each -> each)).hasSize(1);
        assertThat(store().<List<Row>>read(tx -> tx.query(FIND_BY_NAME, name))).hasSize(1);
      }
    }

    private boolean comparedAndSet(String counter, long expected) {
      return store()
              .<Integer>write(tx -> tx.update(COMPARE_AND_SET, expected + 1, counter, expected))
          == 1;
    }

    private int readAndAddOne() {
      return store()
          .write(
              tx -> {
                tx.update(COUNT_UP, "lock");
                long before = tx.one(READ_COUNTER, "a").orElseThrow().number("value");
                return tx.update(SET_COUNTER, before + 1, "a");
              });
    }

    private boolean added(UUID id, String name) {
      try {
        store().write(tx -> tx.update(ADD_ENTRY, id, name, null, null, null));
        return true;
      } catch (ConstraintViolation lost) {
        return false;
      }
    }
  }

  @Nested
  class Failures {

    @Test
    @Essential
    void anInterruptedCallerIsToldWhatIsKnownAndTheStoreGoesOn() throws Exception {
      addCounter("a", 0);
      addCounter("lock", 0);
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Thread holder =
          Thread.ofVirtual()
              .start(
                  () ->
                      store()
                          .write(
                              tx -> {
                                tx.update(COUNT_UP, "lock");
                                running.countDown();
                                await(goOn);
                                return 0;
                              }));
      running.await();
      AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () ->
                      caught.set(
                          catchThrowable(
                              () ->
                                  store()
                                      .write(
                                          tx -> {
                                            tx.update(COUNT_UP, "lock");
                                            return tx.update(COUNT_UP, "a");
                                          }))));
      Thread.sleep(200);
      waiter.interrupt();
      Thread.sleep(200);
      goOn.countDown();
      holder.join();
      waiter.join();
      store().write(tx -> tx.update(COUNT_UP, "lock"));
      assertToldTruth(caught.get(), counter("a"));
    }

    @Test
    void afterManyFailuresOfFunctionsEverythingStillWorks() throws Exception {
      addCounter("a", 0);
      Race.of(
          32,
          thread ->
              () -> {
                for (int round = 0; round < 10; round++) {
                  catchThrowable(() -> store().write(tx -> tx.update(WITH_A_MISTAKE)));
                  catchThrowable(() -> store().read(tx -> tx.query(WITH_A_MISTAKE)));
                  catchThrowable(() -> store().write(tx -> raise(new StackOverflowError())));
                  store().write(tx -> tx.update(COUNT_UP, "a"));
                }
                return thread;
              });
      assertThat(counter("a")).isEqualTo(320);
    }

    @Test
    void manyVirtualThreadsMayCallAtOnce() throws Exception {
      addCounter("a", 0);
      List<Long> seen =
          Race.of(
              1000,
              thread ->
                  () -> {
                    if (thread % 10 == 0) {
                      store().write(tx -> tx.update(COUNT_UP, "a"));
                    }
                    return counter("a");
                  });
      assertThat(seen).hasSize(1000);
      assertThat(counter("a")).isEqualTo(100);
    }

    private void assertToldTruth(@Nullable Throwable told, long counted) {
      if (told == null) {
        assertThat(counted).isEqualTo(1);
      } else if (!(told instanceof UnknownOutcomeException)) {
        assertThat(told)
            .isInstanceOfSatisfying(
                SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(counted).isZero();
      }
    }
  }

  @Nested
  class Statements {

    @Test
    @Essential
    void aViolatedUniqueKeyFailsItsStatementAlone() {
      UUID first = UUID.randomUUID();
      UUID second = UUID.randomUUID();
      store()
          .write(
              tx -> {
                tx.update(ADD_ENTRY, first, "first", null, null, null);
                violates(() -> tx.update(ADD_ENTRY, first, "other", null, null, null));
                violates(() -> tx.update(ADD_ENTRY, second, "first", null, null, null));
                return tx.update(ADD_ENTRY, second, "second", null, null, null);
              });
      assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void aViolationUndoesAllRowsOfItsStatement() {
      addCounter("b", 7);
      store()
          .write(
              tx -> {
                violates(() -> tx.update(ADD_TWO_COUNTERS, "a", "b"));
                return tx.update(ADD_COUNTER, "c", 1);
              });
      assertThat(has("a")).isFalse();
      assertThat(has("c")).isTrue();
      assertThat(counter("b")).isEqualTo(7);
    }

    @Test
    void anUpdateToATakenNameIsAViolation() {
      addCounter("a", 1);
      addCounter("b", 2);
      store()
          .write(
              tx -> {
                violates(() -> tx.update(RENAME_COUNTER, "b", "a"));
                return tx.update(RENAME_COUNTER, "c", "a");
              });
      assertThat(counter("c")).isEqualTo(1);
      assertThat(counter("b")).isEqualTo(2);
    }

    @Test
    void aMissingValueIsAMistakeThatNamesItsStatement() {
      assertThatIllegalStateException()
          .isThrownBy(() -> store().write(tx -> tx.update(ADD_COUNTER, "a", null)))
          .withMessageContaining("ADD_COUNTER");
      assertThatIllegalStateException()
          .isThrownBy(() -> store().write(tx -> tx.update(WITH_A_MISTAKE)))
          .withMessageContaining("WITH_A_MISTAKE");
    }

    @Test
    void theCountIsOfRowsMatchedChangedOrNot() {
      addCounter("a", 1);
      addCounter("b", 1);
      assertThat(store().<Integer>write(tx -> tx.update(SET_COUNTER, 1, "a"))).isEqualTo(1);
      assertThat(store().<Integer>write(tx -> tx.update(SET_ALL_COUNTERS, 1))).isEqualTo(2);
      assertThat(store().<Integer>write(tx -> tx.update(SET_COUNTER, 1, "none"))).isZero();
      assertThat(store().<Integer>write(tx -> tx.update(DELETE_COUNTER, "a"))).isEqualTo(1);
      assertThat(store().<Integer>write(tx -> tx.update(DELETE_COUNTER, "a"))).isZero();
      assertThat(store().<Integer>write(tx -> tx.update(ADD_TWO_COUNTERS, "x", "y"))).isEqualTo(2);
    }

    @Test
    void returnsAtMost1001Rows() {
      addCounters(1001);
      assertThat(store().<List<Row>>read(tx -> tx.query(LIST_COUNTERS))).hasSize(1001);
      addCounter("one more", 1);
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.query(LIST_COUNTERS)))
          .withMessageContaining("LIST_COUNTERS");
      assertThat(store().<List<Row>>read(tx -> tx.query(READ_COUNTER, "one more"))).hasSize(1);
    }

    @Test
    void theParametersAreCountedAndTheirTypesAreChecked() {
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.query(READ_COUNTER)))
          .withMessageContaining("READ_COUNTER");
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.query(READ_COUNTER, "a", "b")))
          .withMessageContaining("READ_COUNTER");
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.query(READ_COUNTER, 1.5)));
    }

    @Test
    void oneIsTheOnlyRowIfThereIsOne() {
      addCounter("a", 1);
      assertThat(store().<Boolean>read(tx -> tx.one(READ_COUNTER, "none").isEmpty())).isTrue();
      assertThat(store().<Boolean>read(tx -> tx.one(READ_COUNTER, "a").isPresent())).isTrue();
      addCounter("b", 1);
      assertThatIllegalStateException()
          .isThrownBy(() -> store().read(tx -> tx.one(LIST_COUNTERS)))
          .withMessageContaining("LIST_COUNTERS");
    }

    private void violates(Runnable statement) {
      assertThatThrownBy(statement::run).isInstanceOf(ConstraintViolation.class);
    }
  }

  @Nested
  class Values {

    private static final List<String> NAMES =
        List.of(
            "a",
            "A",
            "a ",
            " a",
            "a\t",
            "ä",
            "a\u0308",
            "Å",
            "\u212B",
            "A\u030A",
            "ß",
            "ss",
            "SS",
            "İ",
            "i",
            "ı",
            "I",
            "é",
            "e\u0301",
            "ﬁ",
            "fi",
            "１",
            "1",
            "①",
            "日本",
            "한",
            "\u1112\u1161\u11AB",
            "العربية",
            "עברית",
            "русский",
            "Русский",
            "😀",
            "👩‍👩‍👧",
            "\uFEFFa",
            "a\u200B",
            "a'b",
            "a\"b",
            "a\\b",
            "a%b",
            "a_b",
            "?",
            "ſ",
            "s",
            "K",
            "\u212A",
            "k",
            "µ",
            "μ");

    @Test
    @Essential
    void everyTypeComesBackAsItWent() {
      UUID id = new UUID(0x80_00_00_00_00_00_00_01L, -1);
      Instant at = Instant.parse("2026-01-02T03:04:05.678901Z");
      byte[] data = {0, 1, -1, 127, -128, 0};
      Row row = entryOf(id, "name", Long.MIN_VALUE, at, data);
      assertThat(row.id("id")).isEqualTo(id);
      assertThat(row.text("name")).isEqualTo("name");
      assertThat(row.number("number")).isEqualTo(Long.MIN_VALUE);
      assertThat(row.time("at")).isEqualTo(at);
      assertThat(row.bytes("data")).isEqualTo(data);
      assertThat(row.value("id")).isInstanceOf(byte[].class);
      assertThat(row.value("number")).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void smallNumbersAndFlagsAreNumbers() {
      assertThat(entryOf("int", 7).number("number")).isEqualTo(7);
      assertThat(entryOf("int", 7).value("number")).isEqualTo(7L);
      assertThat(entryOf("max", Long.MAX_VALUE).number("number")).isEqualTo(Long.MAX_VALUE);
      assertThat(entryOf("true", true).flag("number")).isTrue();
      assertThat(entryOf("true", true).number("number")).isEqualTo(1);
      assertThat(entryOf("false", false).flag("number")).isFalse();
    }

    @Test
    void timesAreKeptToTheMicrosecondAlsoBefore1970() {
      for (String time :
          List.of(
              "1969-12-31T23:59:59.999999Z",
              "0001-01-01T00:00:00Z",
              "9999-12-31T23:59:59.999999Z")) {
        Instant at = Instant.parse(time);
        assertThat(entryOf(UUID.randomUUID(), time, null, at, null).time("at")).isEqualTo(at);
      }
      Instant fine = Instant.parse("2026-01-01T00:00:00.123456789Z");
      assertThat(entryOf(UUID.randomUUID(), "fine", null, fine, null).time("at"))
          .isEqualTo(Instant.parse("2026-01-01T00:00:00.123456Z"));
    }

    @Test
    void nothingIsNotEmpty() {
      Row none = entryOf(UUID.randomUUID(), "none", null, null, null);
      assertThat(none.numberOrNull("number")).isNull();
      assertThat(none.timeOrNull("at")).isNull();
      assertThat(none.bytesOrNull("data")).isNull();
      assertThat(none.textOrNull("data")).isNull();
      assertThat(none.idOrNull("data")).isNull();
      assertThat(none.value("data")).isNull();
      for (var getter : List.<Runnable>of(() -> none.number("number"), () -> none.flag("number"))) {
        assertThatIllegalStateException().isThrownBy(getter::run).withMessageContaining("number");
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> none.time("at"))
          .withMessageContaining("at");
      assertThatIllegalStateException()
          .isThrownBy(() -> none.bytes("data"))
          .withMessageContaining("data");
      assertThatIllegalStateException()
          .isThrownBy(() -> none.id("data"))
          .withMessageContaining("data");
      Row empty = entryOf(UUID.randomUUID(), "", null, null, new byte[0]);
      assertThat(empty.text("name")).isEmpty();
      assertThat(empty.bytes("data")).isEmpty();
    }

    @Test
    void columnsAreNamedInLowerCaseAndAnUnknownOneIsRefused() {
      UUID id = UUID.randomUUID();
      entryOf(id, "name", null, null, null);
      Row row = store().read(tx -> tx.query(FIND_ENTRY_IN_CAPITALS, id).getFirst());
      assertThat(row.id("id")).isEqualTo(id);
      assertThat(row.text("name")).isEqualTo("name");
      assertThatIllegalStateException()
          .isThrownBy(() -> row.text("nome"))
          .withMessageContaining("nome");
    }

    @Test
    void aRowOutlivesItsTransaction() {
      Row row = entryOf(UUID.randomUUID(), "name", 1L, null, new byte[] {1});
      store().write(tx -> tx.update(DELETE_ENTRIES));
      assertThat(row.text("name")).isEqualTo("name");
      row.bytes("data")[0] = 2;
      assertThat(row.bytes("data")).containsExactly(1);
    }

    @Test
    void namesOfManyScriptsStandSideBySideEachFoundByItsOwnBytes() {
      for (String name : NAMES) {
        entryOf(UUID.randomUUID(), name, null, null, null);
      }
      for (String name : NAMES) {
        assertThat(store().<List<Row>>read(tx -> tx.query(FIND_BY_NAME, name)))
            .as(escaped(name))
            .singleElement()
            .satisfies(row -> assertThat(row.text("name")).isEqualTo(name))
            .satisfies(
                row ->
                    assertThat(row.bytes("name")).isEqualTo(name.getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Test
    void namesAreOrderedByTheirBytes() {
      List<String> shuffled = new ArrayList<>(NAMES);
      Collections.shuffle(shuffled, new java.util.Random(1));
      for (String name : shuffled) {
        entryOf(UUID.randomUUID(), name, null, null, null);
      }
      List<String> sorted =
          NAMES.stream()
              .sorted(
                  (one, other) ->
                      Arrays.compareUnsigned(
                          one.getBytes(StandardCharsets.UTF_8),
                          other.getBytes(StandardCharsets.UTF_8)))
              .toList();
      assertThat(names()).isEqualTo(sorted);
    }

    private Row entryOf(String name, Object number) {
      store().write(tx -> tx.update(DELETE_ENTRIES));
      return entryOf(UUID.randomUUID(), name, number, null, null);
    }

    private Row entryOf(
        UUID id,
        String name,
        @Nullable Object number,
        @Nullable Instant at,
        byte @Nullable [] data) {
      store().write(tx -> tx.update(ADD_ENTRY, id, name, number, at, data));
      return store().read(tx -> tx.one(FIND_ENTRY, id).orElseThrow());
    }

    private static String escaped(String name) {
      StringBuilder text = new StringBuilder();
      name.chars().forEach(c -> text.append(String.format(Locale.ROOT, "\\u%04x", c)));
      return text.toString();
    }
  }

  private void addCounter(String name, long value) {
    store().write(tx -> tx.update(ADD_COUNTER, name, value));
  }

  /** c1 = 1, c2 = 2 … */
  private void addCounters(int count) {
    store()
        .write(
            tx ->
                LongStream.rangeClosed(1, count)
                    .mapToInt(i -> tx.update(ADD_COUNTER, "c" + i, i))
                    .sum());
  }

  private long counter(String name) {
    return store().read(tx -> tx.one(READ_COUNTER, name).orElseThrow().number("value"));
  }

  private boolean has(String counter) {
    return store().read(tx -> tx.one(READ_COUNTER, counter).isPresent());
  }

  private List<String> names() {
    return store().read(tx -> tx.query(LIST_NAMES).stream().map(row -> row.text("name")).toList());
  }

  private static int tell(AtomicReference<Tx> leaked, Tx tx) {
    leaked.set(tx);
    return 0;
  }

  private static void inAnotherThread(Runnable action) {
    join(Thread.ofVirtual().start(action));
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        throw new AssertionError("the other thread hangs");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <R, T extends Throwable> R raise(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
