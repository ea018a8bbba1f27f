package dev.skep.port.config.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.testkit.Journal;
import dev.skep.testkit.KilledWriters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P1: what a killed process was told of its settings is true afterwards, with their history. */
@Tag("slow")
@Tag("P1")
class ConfigKilledTest {

  private static final int KILLS = 100;

  @TempDir Path folder;

  @Test
  void acknowledgedSettingsAreThereWithTheirHistoryInOrder() throws Exception {
    new KilledWriters("config (JSON file)", SettingWriters.class, folder, ConfigKilledTest::verify)
        .kill(KILLS);
  }

  private static long verify(Path folder, Journal journal) {
    EmbeddedConfigStore store = SettingWriters.open(folder);
    try {
      long found = 0;
      for (var each : journal.writers().entrySet()) {
        found += verify(store, each.getKey(), each.getValue());
        journal.settle(each.getKey(), SettingWriters.last(store, each.getKey()));
      }
      goesOnWriting(store, journal);
      return found;
    } finally {
      store.close();
    }
  }

  private static long verify(ConfigStore store, int writer, Journal.Last told) {
    String key = SettingWriters.key(writer);
    long last = SettingWriters.last(store, writer);
    assertThat(last).as("writes of %s", key).isBetween(told.acknowledged(), told.begun());
    Entry now = store.get(key);
    assertThat(now == null ? null : now.value()).as(key).isEqualTo(after(writer, last));
    List<Change> history = store.history(key, ConfigStore.HISTORY);
    assertThat(history).as("history of " + key).hasSize((int) Math.min(last, ConfigStore.HISTORY));
    long number = last;
    long revision = Long.MAX_VALUE;
    for (Change change : history) {
      assertThat(change.after()).as("%s, write %d", key, number).isEqualTo(after(writer, number));
      assertThat(change.before()).isEqualTo(after(writer, number - 1));
      assertThat(change.revision()).as("revisions grow").isLessThan(revision);
      revision = change.revision();
      number--;
    }
    return history.size();
  }

  private static String after(int writer, long number) {
    return number == 0 || SettingWriters.deletes(number)
        ? null
        : SettingWriters.value(writer, number);
  }

  private static void goesOnWriting(ConfigStore store, Journal journal) {
    long next = SettingWriters.last(store, 0) + 1;
    SettingWriters.write(store, 0, next);
    journal.settle(0, next);
  }
}
