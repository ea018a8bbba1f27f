package dev.skep.testkit;

import dev.skep.common.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Knows at which places of the code something is forced, and can leave out one of them, so that a
 * test can prove that each is needed (P1). Not thread-safe.
 */
public final class ForceSites implements Disk {

  private final Disk disk;
  private final String dropped;
  private final Set<String> seen = new TreeSet<>();

  private ForceSites(Disk disk, String dropped) {
    this.disk = disk;
    this.dropped = dropped;
  }

  /** Only notes the places. */
  public static ForceSites recording(Disk disk) {
    return new ForceSites(disk, "");
  }

  /** Leaves out the force at one place, in the words of {@link #seen}. */
  public static ForceSites dropping(Disk disk, String site) {
    return new ForceSites(disk, site);
  }

  /** {@code Class.method:line file} or {@code … folder}. */
  public Set<String> seen() {
    return seen;
  }

  private boolean dropsAt(String kind) {
    Predicate<StackWalker.StackFrame> ours =
        frame -> frame.getClassName().startsWith(ForceSites.class.getName());
    String site =
        StackWalker.getInstance()
            .walk(frames -> frames.dropWhile(ours).findFirst())
            .map(
                frame ->
                    simple(frame.getClassName())
                        + "."
                        + frame.getMethodName()
                        + ":"
                        + frame.getLineNumber())
            .orElseThrow();
    seen.add(site + " " + kind);
    return dropped.equals(site + " " + kind);
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    WritableFile created = disk.create(file);
    return new WritableFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        created.write(bytes);
      }

      @Override
      public void force() throws IOException {
        if (!dropsAt("file")) {
          created.force();
        }
      }

      @Override
      public void close() throws IOException {
        created.close();
      }
    };
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (!dropsAt("folder")) {
      disk.forceFolder(folder);
    }
  }

  @Override
  public ReadableFile open(Path file) throws IOException {
    return disk.open(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    disk.move(from, to);
  }

  @Override
  public boolean delete(Path file) throws IOException {
    return disk.delete(file);
  }

  @Override
  public boolean exists(Path file) {
    return disk.exists(file);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    disk.createFolders(folder);
  }

  @Override
  public long freeSpace(Path folder) throws IOException {
    return disk.freeSpace(folder);
  }
}
