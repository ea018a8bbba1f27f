package dev.skep.port.config.embedded;

import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.testkit.Bodies;
import dev.skep.testkit.Witness;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * A process whose threads each set a setting of their own again and again; every fifth write
 * deletes it.
 */
final class SettingWriters {

  static final int WRITERS = 3;
  private static final int LARGEST = 400;
  private static final Author AUTHOR = new Author("anna", Instant.EPOCH);

  private SettingWriters() {}

  /**
   * @param args the folder
   */
  public static void main(String... args) {
    EmbeddedConfigStore store = open(Path.of(args[0]));
    Witness witness = Witness.start();
    for (int writer = 0; writer < WRITERS; writer++) {
      int own = writer;
      long first = last(store, own) + 1;
      Thread.ofPlatform()
          .start(() -> witness.writeForEver(own, first, number -> write(store, own, number)));
    }
  }

  static EmbeddedConfigStore open(Path folder) {
    EmbeddedConfigStore store = new EmbeddedConfigStore(() -> folder);
    store.open();
    return store;
  }

  static void write(ConfigStore store, int writer, long number) {
    Entry now = store.get(key(writer));
    long revision = now == null ? ConfigStore.ABSENT : now.revision();
    if (deletes(number)) {
      store.delete(key(writer), revision, AUTHOR);
    } else {
      store.set(key(writer), value(writer, number), revision, AUTHOR);
    }
  }

  static boolean deletes(long number) {
    return number % 5 == 0;
  }

  /** The number of the last write, as the history tells; 0 for none. */
  static long last(ConfigStore store, int writer) {
    List<Change> newest = store.history(key(writer), 1);
    if (newest.isEmpty()) {
      return 0;
    }
    Change change = newest.getFirst();
    return change.after() == null ? number(change.before()) + 1 : number(change.after());
  }

  private static long number(String value) {
    return Long.parseLong(value.substring(0, value.indexOf(' ')));
  }

  static String key(int writer) {
    return "setting-" + writer;
  }

  static String value(int writer, long number) {
    return number + " " + HexFormat.of().formatHex(Bodies.of(writer, number, LARGEST));
  }
}
