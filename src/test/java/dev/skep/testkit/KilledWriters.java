package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills (SIGKILL) processes that write through a driver at random moments inside a running write,
 * and has verified after each kill what they left. Two processes at a time, each with a folder of
 * its own, since most of a short life is the start of its JVM.
 *
 * <p>A kill counts when a write was begun and not told to be done; the rest of what the killed
 * process has said is read first.
 */
public final class KilledWriters {

  private static final int LANES = 2;
  private static final int MOST_WRITES_BEFORE = 40;

  /** Looks at what a killed process has left in the folder, and {@link Journal#settle}s it. */
  @FunctionalInterface
  public interface Verifier {

    /**
     * @return how many acknowledged writes it has found
     */
    long verify(Path folder, Journal journal) throws Exception;
  }

  private final String name;
  private final Class<?> child;
  private final Path folder;
  private final Verifier verifier;
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger killsInside = new AtomicInteger();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong happened = new AtomicLong();

  /**
   * @param child has a {@code main} that takes the folder and writes as a {@link Witness}
   */
  public KilledWriters(String name, Class<?> child, Path folder, Verifier verifier) {
    this.name = name;
    this.child = child;
    this.folder = folder;
    this.verifier = verifier;
  }

  /** Until so many kills have fallen inside a write. */
  public void kill(int times) throws Exception {
    long began = System.nanoTime();
    Race.of(LANES, lane -> lane(lane, times));
    System.out.printf(
        "%s: %d kills, %d inside a write, %d writes acknowledged, %d looked for and found;"
            + " of the writes cut off %d had happened (%.1f s)%n",
        name,
        kills.get(),
        killsInside.get(),
        acknowledged.get(),
        found.get(),
        happened.get(),
        (System.nanoTime() - began) / 1e9);
    assertThat(killsInside.get()).isGreaterThanOrEqualTo(times);
    assertThat(acknowledged.get()).isGreaterThan(times);
  }

  private Callable<Void> lane(int lane, int times) {
    return () -> {
      Path own = Files.createDirectories(folder.resolve("lane-" + lane));
      Journal journal = new Journal();
      Random random = new Random();
      while (killsInside.get() < times) {
        live(own, journal, random);
        long before = sum(journal);
        found.addAndGet(verifier.verify(own, journal));
        assertThat(journal.isInsideAWrite()).as("a write whose outcome is not known").isFalse();
        happened.addAndGet(sum(journal) - before);
      }
      acknowledged.addAndGet(journal.acknowledged());
      return null;
    };
  }

  private void live(Path own, Journal journal, Random random) throws Exception {
    Path errors = own.resolveSibling(own.getFileName() + ".err");
    Process process = start(own, errors);
    try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
      long until = journal.acknowledged() + random.nextInt(MOST_WRITES_BEFORE);
      long first = System.nanoTime();
      long before = journal.acknowledged();
      String line;
      while ((line = said.readLine()) != null) {
        if (journal.acknowledged() == before) {
          first = System.nanoTime();
        }
        journal.note(line);
        if (journal.acknowledged() >= until && journal.isInsideAWrite() && process.isAlive()) {
          LockSupport.parkNanos(random.nextLong(1 + perWrite(first, journal, before)));
          // Not Process.destroyForcibly, which would close the stream that is read on.
          process.toHandle().destroyForcibly();
          break;
        }
      }
      assertThat(line).as(() -> "the child ended by itself: " + text(errors)).isNotNull();
      while ((line = said.readLine()) != null) {
        journal.note(line);
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> text(errors)).isEqualTo(128 + 9);
    kills.incrementAndGet();
    if (journal.isInsideAWrite()) {
      killsInside.incrementAndGet();
    }
  }

  /** How long one write takes, by what was seen of this process; a millisecond at least. */
  private static long perWrite(long first, Journal journal, long before) {
    long writes = Math.max(1, journal.acknowledged() - before);
    int writers = Math.max(1, journal.writers().size());
    long each = (System.nanoTime() - first) / writes * writers;
    return Math.clamp(each, 1_000_000, 50_000_000);
  }

  private Process start(Path own, Path errors) throws IOException {
    Path temporary = Files.createDirectories(own.resolveSibling(own.getFileName() + ".tmp"));
    clear(temporary);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            child.getName(),
            own.toString())
        .redirectError(errors.toFile())
        .start();
  }

  /** A killed process leaves what it has unpacked there. */
  private static void clear(Path temporary) throws IOException {
    try (var files = Files.list(temporary)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
  }

  private static long sum(Journal journal) {
    return journal.writers().values().stream().mapToLong(Journal.Last::acknowledged).sum();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
