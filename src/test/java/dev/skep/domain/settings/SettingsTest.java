package dev.skep.domain.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Rights;
import dev.skep.domain.outbox.Answers;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.FaultySqlStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static final Precondition NONE = Precondition.NONE;
  private static final String HOURS = "identity.session-hours";
  private static final Caller ADMIN = caller("root", true);

  @TempDir Path data;

  private final AtomicBoolean down = new AtomicBoolean();
  private Drive drive;
  private ConfigStore config;
  private CurrentSettings current;
  private Settings settings;

  @BeforeEach
  void open() {
    drive = Drive.open(data.resolve(UUID.randomUUID().toString()));
    config = failing(drive.get(ConfigStore.class), down);
    current = replica();
    settings =
        new Settings(
            config,
            drive.get(SqlStore.class),
            drive.get(Answers.class),
            current,
            InstantSource.system());
  }

  @AfterEach
  void close() {
    current.stop();
    drive.close();
  }

  private CurrentSettings replica() {
    return new CurrentSettings(config, new SettingCopy(drive.get(SqlStore.class)));
  }

  private SettingView set(String key, long value) {
    return settings.set(ADMIN, key, value, NONE);
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  @Nested
  class Values {

    @Test
    void eachKnownSettingIsListedWithItsDefault() {
      Page<SettingView> all = settings.list(ADMIN, PageRequest.of("settings", null, null));
      assertThat(all.items())
          .extracting(SettingView::key)
          .containsExactly(HOURS, "quota.default-home", "upload.max-bytes");
      assertThat(all.items())
          .allSatisfy(
              view -> {
                assertThat(view.value()).isEqualTo(view.defaultValue());
                assertThat(view.revision()).isZero();
                assertThat(view.changedAt()).isNull();
                assertThat(view.description()).isNotBlank();
              });
    }

    @Test
    void everyDefaultIsOneOfItsAllowedValuesAndEveryKeyOneOfThePort() {
      for (Setting setting : Setting.values()) {
        assertThat(setting.checked(setting.defaultValue())).isEqualTo(setting.defaultValue());
        assertThat(settings.get(ADMIN, setting.key()).key()).isEqualTo(setting.key());
      }
    }

    @Test
    void aChangeTellsWhoAndWhen() {
      SettingView changed = set(HOURS, 8);
      assertThat(changed.value()).isEqualTo(8);
      assertThat(changed.defaultValue()).isEqualTo(24);
      assertThat(changed.changedBy()).isEqualTo("root");
      assertThat(changed.changedAt()).isBeforeOrEqualTo(Instant.now());
      assertThat(settings.get(ADMIN, HOURS)).isEqualTo(changed);
    }

    @Test
    void theSameValueAgainIsNoChange() {
      SettingView first = set(HOURS, 8);
      assertThat(set(HOURS, 8)).isEqualTo(first);
      assertThat(settings.history(ADMIN, HOURS, PageRequest.of("h", null, null)).items())
          .hasSize(1);
    }

    @Test
    void deletingGoesBackToTheDefault() {
      set(HOURS, 8);
      SettingView reset = settings.reset(ADMIN, HOURS, NONE);
      assertThat(reset.value()).isEqualTo(24);
      assertThat(reset.revision()).isZero();
      assertThat(settings.reset(ADMIN, HOURS, NONE)).isEqualTo(reset);
    }

    @Test
    void aWrongValueIsToldWhatIsAllowed() {
      for (@Nullable Long wrong : new Long[] {null, 0L, 8761L, Long.MIN_VALUE}) {
        assertThatThrownBy(() -> settings.set(ADMIN, HOURS, wrong, NONE))
            .isInstanceOf(SkepException.class)
            .hasMessage("/value: must be a whole number from 1 to 8760");
      }
    }

    @Test
    void whatIsNoSettingIsNotFound() {
      refused(ErrorCode.NOT_FOUND, () -> settings.get(ADMIN, "no.such"));
      refused(ErrorCode.NOT_FOUND, () -> set("No Such", 1));
      refused(ErrorCode.NOT_FOUND, () -> settings.reset(ADMIN, "no.such", NONE));
      refused(
          ErrorCode.NOT_FOUND,
          () -> settings.history(ADMIN, "no.such", PageRequest.of("h", null, null)));
      refused(ErrorCode.NOT_FOUND, () -> settings.rollBack(ADMIN, "no.such", 1L, NONE));
    }

    @Test
    void onlyAnAdministratorReadsAndChanges() {
      Caller scoped =
          new Caller(
              UUID.randomUUID(),
              "root",
              true,
              UUID.randomUUID(),
              List.of(new Caller.Scope(UUID.randomUUID(), Rights.ALL)),
              "test",
              null);
      for (Caller caller : List.of(caller("anna", false), scoped)) {
        refused(
            ErrorCode.FORBIDDEN,
            () -> settings.list(caller, PageRequest.of("settings", null, null)));
        refused(ErrorCode.FORBIDDEN, () -> settings.get(caller, HOURS));
        refused(ErrorCode.FORBIDDEN, () -> settings.set(caller, HOURS, 1L, NONE));
        refused(ErrorCode.FORBIDDEN, () -> settings.reset(caller, HOURS, NONE));
        refused(ErrorCode.FORBIDDEN, () -> settings.rollBack(caller, HOURS, 1L, NONE));
        refused(
            ErrorCode.FORBIDDEN,
            () -> settings.history(caller, HOURS, PageRequest.of("h", null, null)));
      }
      assertThat(settings.get(ADMIN, HOURS).value()).isEqualTo(24);
    }
  }

  @Nested
  class Revisions {

    @Test
    void ofTwoWritersWithOneETagOneWins() {
      Precondition atDefault = new Precondition(List.of("0"), List.of());
      SettingView first = settings.set(ADMIN, HOURS, 8L, atDefault);
      refused(ErrorCode.PRECONDITION_FAILED, () -> settings.set(ADMIN, HOURS, 9L, atDefault));
      refused(ErrorCode.PRECONDITION_FAILED, () -> settings.reset(ADMIN, HOURS, atDefault));
      Precondition fresh = new Precondition(List.of("" + first.revision()), List.of());
      assertThat(settings.set(ADMIN, HOURS, 9L, fresh).value()).isEqualTo(9);
    }

    @Test
    void withoutETagsManyWritersAllSucceedAndNoneIsLostFromTheHistory() throws Exception {
      List<Thread> writers = new ArrayList<>();
      for (int at = 0; at < 8; at++) {
        long hours = 100 + at;
        writers.add(Thread.ofVirtual().start(() -> set(HOURS, hours)));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(settings.history(ADMIN, HOURS, PageRequest.of("h", null, null)).items())
          .extracting(SettingChange::after)
          .containsExactlyInAnyOrder(100L, 101L, 102L, 103L, 104L, 105L, 106L, 107L);
    }

    @Test
    void theHistoryIsPagedNewestFirst() {
      for (long hours = 1; hours <= 5; hours++) {
        set(HOURS, hours);
      }
      settings.reset(ADMIN, HOURS, NONE);
      List<Long> after = new ArrayList<>();
      @Nullable String cursor = null;
      do {
        Page<SettingChange> page = settings.history(ADMIN, HOURS, PageRequest.of("h", 2, cursor));
        page.items().forEach(change -> after.add(change.after()));
        cursor = page.nextCursor();
      } while (cursor != null);
      assertThat(after).containsExactly(24L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void rollingBackMakesItWhatItWasAndIsAChangeOfItsOwn() {
      SettingView first = set(HOURS, 8);
      set(HOURS, 9);
      assertThat(settings.rollBack(ADMIN, HOURS, first.revision(), NONE).value()).isEqualTo(8);
      settings.reset(ADMIN, HOURS, NONE);
      List<SettingChange> history =
          settings.history(ADMIN, HOURS, PageRequest.of("h", null, null)).items();
      assertThat(history).extracting(SettingChange::after).containsExactly(24L, 8L, 9L, 8L);

      set(HOURS, 10);
      long deletion = history.getFirst().revision();
      assertThat(settings.rollBack(ADMIN, HOURS, deletion, NONE).revision()).isZero();
      refused(ErrorCode.MALFORMED, () -> settings.rollBack(ADMIN, HOURS, 999_999L, NONE));
      refused(ErrorCode.MALFORMED, () -> settings.rollBack(ADMIN, HOURS, null, NONE));
    }

    @Test
    void aRepeatedRollBackIsAnsweredOnceAndDoesNotUndoWhatCameAfter() {
      SettingView first = set(HOURS, 8);
      set(HOURS, 9);
      Caller keyed = ADMIN.with(new Caller.RequestKey("key", new byte[32]));
      SettingView back = settings.rollBack(keyed, HOURS, first.revision(), NONE);
      set(HOURS, 10);

      assertThat(settings.rollBack(keyed, HOURS, first.revision(), NONE)).isEqualTo(back);

      assertThat(settings.get(ADMIN, HOURS).value()).isEqualTo(10);
      Caller other = ADMIN.with(new Caller.RequestKey("key", new byte[] {1}));
      refused(ErrorCode.KEY_REUSED, () -> settings.rollBack(other, HOURS, 1L, NONE));
    }
  }

  @Nested
  class Running {

    @Test
    void aReplicaFollowsAChangeWhileItRuns() {
      current.start();
      assertThat(current.sessionLife()).isEqualTo(Duration.ofHours(24));
      set(HOURS, 8);
      set("quota.default-home", 1000);
      set("upload.max-bytes", 5);
      await(() -> current.maxUploadBytes() == 5);
      assertThat(current.sessionLife()).isEqualTo(Duration.ofHours(8));
      assertThat(current.defaultHomeQuota()).isEqualTo(1000);
      settings.reset(ADMIN, HOURS, NONE);
      await(() -> current.sessionLife().equals(Duration.ofHours(24)));
    }

    @Test
    void withoutConfigItStartsOnTheLastKnownValuesAndCatchesUpLater() {
      current.start();
      set(HOURS, 8);
      await(() -> current.sessionLife().toHours() == 8);
      await(() -> new SettingCopy(drive.get(SqlStore.class)).read().size() == 1);
      current.stop();
      down.set(true);

      CurrentSettings restarted = replica();
      restarted.start();
      assertThat(restarted.sessionLife()).isEqualTo(Duration.ofHours(8));
      down.set(false);
      set(HOURS, 9);
      await(() -> restarted.sessionLife().toHours() == 9);
      restarted.stop();
    }

    @Test
    void aCopyThatCouldNotBeMadeIsMadeOnceSqlAnswers() {
      FaultySqlStore sql = new FaultySqlStore(drive.get(SqlStore.class));
      CurrentSettings following = new CurrentSettings(config, new SettingCopy(sql));
      following.start();
      await(() -> sql.writes() == 1);
      sql.goDown();
      set(HOURS, 8);
      await(() -> sql.writes() == 2);
      assertThat(following.sessionLife()).isEqualTo(Duration.ofHours(8));
      SettingCopy copy = new SettingCopy(drive.get(SqlStore.class));
      assertThat(copy.read()).isEmpty();

      sql.heal();

      await(() -> copy.read().size() == 1);
      following.stop();
    }

    @Test
    void theCopyIsThatOfTheStoreInUseWhateverTheRevisionsOfAnEarlierOneWere() {
      Setting hours = Setting.of(HOURS).orElseThrow();
      SettingCopy copy = new SettingCopy(drive.get(SqlStore.class));
      copy.write(Map.of(hours, new Known("9", 999, null)));
      set(HOURS, 8);

      current.start();

      await(() -> copy.read().get(hours).value().equals("8"));
      set(HOURS, 7);
      await(() -> copy.read().get(hours).value().equals("7"));
    }

    @Test
    void anOlderStateThatComesLateDoesNotReplaceTheCopy() {
      Setting hours = Setting.of(HOURS).orElseThrow();
      SettingCopy copy = new SettingCopy(drive.get(SqlStore.class));
      copy.write(Map.of(hours, new Known("9", 6, null)));

      copy.write(Map.of(hours, new Known("8", 5, null)));

      assertThat(copy.read().get(hours).value()).isEqualTo("9");
    }

    @Test
    void whileConfigIsDownSettingsAreShownButNotChanged() {
      current.start();
      set(HOURS, 8);
      await(() -> current.sessionLife().toHours() == 8);
      down.set(true);

      assertThat(settings.get(ADMIN, HOURS).value()).isEqualTo(8);
      refused(ErrorCode.UNAVAILABLE, () -> set(HOURS, 9));
      refused(ErrorCode.UNAVAILABLE, () -> settings.reset(ADMIN, HOURS, NONE));
      down.set(false);
      assertThat(settings.get(ADMIN, HOURS).value()).isEqualTo(8);
    }

    @Test
    void aValueThatThisVersionDoesNotUnderstandCountsAsTheDefault() {
      current.start();
      ConfigStore.Author author = new ConfigStore.Author("newer", Instant.EPOCH);
      config.set("settings/" + HOURS, "8 or so", ConfigStore.ABSENT, author);
      set("upload.max-bytes", 5);
      await(() -> current.maxUploadBytes() == 5);
      assertThat(current.sessionLife().toHours()).isEqualTo(24);
      assertThat(settings.get(ADMIN, HOURS).value()).isEqualTo(24);
      assertThat(set(HOURS, 24).changedBy()).isEqualTo("root");
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 15 s in vain").isLessThan(end);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Caller caller(String name, boolean admin) {
    return new Caller(UUID.randomUUID(), name, admin, UUID.randomUUID(), List.of(), "test", null);
  }

  /** The store, which does not answer while it is down. */
  private static ConfigStore failing(ConfigStore store, AtomicBoolean down) {
    return (ConfigStore)
        Proxy.newProxyInstance(
            ConfigStore.class.getClassLoader(),
            new Class<?>[] {ConfigStore.class},
            (proxy, method, arguments) -> {
              if (down.get()) {
                throw new SkepException(ErrorCode.UNAVAILABLE, "config: it does not answer");
              }
              try {
                return method.invoke(store, arguments);
              } catch (java.lang.reflect.InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
