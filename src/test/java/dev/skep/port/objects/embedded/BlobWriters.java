package dev.skep.port.objects.embedded;

import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.Bodies;
import dev.skep.testkit.Witness;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A process whose threads each store one blob after another; from the twelfth on, every third write
 * deletes the blob of ten writes before instead.
 */
final class BlobWriters {

  static final int WRITERS = 6;
  private static final int LARGEST = 200_000;
  private static final int PIECE = 10_000;

  private BlobWriters() {}

  /**
   * @param args the folder
   */
  public static void main(String... args) {
    EmbeddedObjectStore store = open(Path.of(args[0]));
    Set<String> keys = keys(store);
    Witness witness = Witness.start();
    for (int writer = 0; writer < WRITERS; writer++) {
      int own = writer;
      long first = last(keys, own) + 1;
      Thread.ofPlatform()
          .start(() -> witness.writeForEver(own, first, number -> write(store, own, number)));
    }
  }

  static EmbeddedObjectStore open(Path folder) {
    EmbeddedObjectStore store = new EmbeddedObjectStore(new TestConfig(folder, 0));
    store.open();
    return store;
  }

  static Set<String> keys(ObjectStore store) {
    return new HashSet<>(store.list("", null, 1_000_000));
  }

  static void write(ObjectStore store, int writer, long number) {
    if (deletes(number)) {
      store.delete(key(writer, number - 10));
      return;
    }
    byte[] body = body(writer, number);
    try (Upload upload = store.create(key(writer, number), body.length)) {
      for (int at = 0; at < body.length; at += PIECE) {
        upload.write(body, at, Math.min(PIECE, body.length - at));
      }
      upload.commit();
    }
  }

  static boolean deletes(long number) {
    return number >= 12 && number % 3 == 0;
  }

  /** The number of the last write that has happened, as the keys tell; 0 for none. */
  static long last(Set<String> keys, int writer) {
    String prefix = key(writer, 0).replaceAll("0$", "");
    long stored =
        keys.stream()
            .filter(key -> key.startsWith(prefix))
            .mapToLong(key -> Long.parseLong(key.substring(prefix.length())))
            .max()
            .orElse(0);
    boolean deleted = deletes(stored + 1) && !keys.contains(key(writer, stored + 1 - 10));
    return deleted ? stored + 1 : stored;
  }

  static String key(int writer, long number) {
    return "b/" + writer + "/" + number;
  }

  static byte[] body(int writer, long number) {
    return Bodies.of(writer, number, LARGEST);
  }
}
