package dev.skep.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few bytes, in memory; mounting it needs root on Linux. */
public final class TinyDisk implements AutoCloseable {

  private static final int PAGE = 4096;

  private final Path folder;
  private final AtomicBoolean mounted = new AtomicBoolean(true);

  private TinyDisk(Path folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(new Thread(this::unmount, "end of " + folder));
  }

  /** Mounts it; where that is impossible, prints why and aborts the test with the reason. */
  public static TinyDisk of(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    String problem =
        run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=" + bytes + ",mode=0700",
            "skep-test",
            folder.toString());
    if (!problem.isEmpty()) {
      String reason = "Not proven here, a full or read-only disk needs a mount: " + problem.strip();
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return new TinyDisk(folder);
  }

  public Path folder() {
    return folder;
  }

  public long free() {
    return folder.toFile().getUsableSpace();
  }

  /** Leaves no byte free, by a file beside what is there. */
  public void fill() throws IOException {
    try (OutputStream out =
        Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] page = new byte[PAGE];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (free() > 16 * PAGE) { // what others give back meanwhile
        throw e;
      }
    }
  }

  /** Leaves so many bytes free, to a page. */
  public void fillUpTo(long left) throws IOException {
    fill();
    try (FileChannel file = FileChannel.open(filler(), StandardOpenOption.WRITE)) {
      file.truncate(Math.max(0, file.size() - left));
    }
  }

  /** Takes back what filled it. */
  public void makeRoom() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  public void readOnly() throws IOException {
    String problem = run("mount", "-o", "remount,ro", folder.toString());
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  @Override
  public void close() throws IOException {
    String problem = unmount();
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  /** Once; also what still has files of it open loses it only when it ends. */
  private String unmount() {
    return mounted.compareAndSet(true, false) ? run("umount", "-l", folder.toString()) : "";
  }

  /** What the command complains of; empty when it did its work. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "exit " + process.exitValue() + " " + output;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
