package dev.skep.port.config.etcd;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.port.config.ConfigStore.Watch;
import dev.skep.testkit.server.EtcdAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a log-in while the store works with it. */
@Tag("server")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EtcdConfigStoreLogInTest {

  private static final Author ANNA = new Author("anna", Instant.parse("2026-03-01T10:00:00Z"));
  private static final Duration SOON = Duration.ofSeconds(15);

  private EtcdAccess access;
  private EtcdConfigStore store;

  @BeforeEach
  void open() throws Exception {
    access = EtcdAccess.secured("config");
    store = access.direct("config", "test-log-in").get(EtcdConfigStore.class);
    store.open();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    access.close();
  }

  /** A restarted member knows no token of before. */
  @Test
  void itLogsInAnewWhenTheServerHasForgottenIt() throws Exception {
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("", seen::set)) {
      Entry before = store.set("key", "before", ConfigStore.ABSENT, ANNA);
      access.server().process().kill();
      access.server().process().restart();
      eventually("it answers", SOON, this::answers);
      Entry after = store.set("key", "after", before.revision(), ANNA);
      eventually("the watch sees it", SOON, () -> seen.get().equals(Map.of("key", after)));
    }
  }

  /** etcd refuses every token that is older than the last change of users and roles. */
  @Test
  void itGoesOnWhenRightsOfOthersAreChanged() {
    for (int i = 0; i < 3; i++) {
      access.server().grantPermission("other-" + i + "/", true);
      Entry entry = store.set("key-" + i, "value", ConfigStore.ABSENT, ANNA);
      assertThat(store.get("key-" + i)).isEqualTo(entry);
    }
  }

  @Test
  void aWriteThatTheUserMayNotDoIsRefusedWithItsReasonAndWorksOnceGranted() {
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>();
    access.server().revokePermission("test-");
    access.server().grantPermission("test-", false);
    try (Watch watch = store.watch("", seen::set)) {
      assertThat(store.get("key")).isNull();
      assertDenied(() -> store.set("key", "value", ConfigStore.ABSENT, ANNA));
      access.server().revokePermission("test-");
      assertDenied(() -> store.get("key"));
      access.server().grantPermission("test-", true);
      Entry entry = store.set("key", "value", ConfigStore.ABSENT, ANNA);
      eventually("the watch sees it", SOON, () -> Map.of("key", entry).equals(seen.get()));
    }
  }

  private boolean answers() {
    try {
      store.check();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  private static void assertDenied(Runnable call) {
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(call::run)
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e.detail())
                  .isEqualTo(
                      "config: etcd denies it. Grant Skep's user read and write on its prefix");
            });
  }
}
