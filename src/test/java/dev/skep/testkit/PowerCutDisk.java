package dev.skep.testkit;

import dev.skep.common.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that forgets, when the power is cut, every byte and name that was not forced: of
 * a file's unforced tail a random part remains, perhaps with holes; of each unforced name, rename
 * and deletion a coin decides. Folders are made on the real disk too, for {@link
 * dev.skep.common.disk.FolderLock}, which is no data.
 *
 * <p>{@link #stopAfter} lets everything fail from the n-th call on, as for a process that dies in
 * the middle; then {@link #cutPower} or {@link #killProcess} says what died. Thread-safe; equal
 * seeds and calls give equal results.
 */
public final class PowerCutDisk implements Disk {

  private final Random random;
  private final Map<Path, Folder> folders = new TreeMap<>();
  private long callsLeft = Long.MAX_VALUE;

  public PowerCutDisk(long seed) {
    random = new Random(seed);
  }

  /** From the n-th call on (1 is the next) all fail; that one may or may not have its effect. */
  public synchronized void stopAfter(int calls) {
    callsLeft = calls;
  }

  public synchronized boolean stopped() {
    return callsLeft <= 0;
  }

  /** The process died but the machine did not: nothing is forgotten, nothing becomes durable. */
  public synchronized void killProcess() {
    callsLeft = Long.MAX_VALUE;
  }

  /** Forgets what was not forced and starts the machine again. */
  public synchronized void cutPower() {
    callsLeft = Long.MAX_VALUE;
    Map<Content, Content> survived = new HashMap<>();
    for (Folder folder : folders.values()) {
      folder.pending.stream()
          .filter(change -> change.fate.happened(random))
          .forEach(folder::settle);
      folder.pending.clear();
      folder.durable.replaceAll(
          (name, content) -> survived.computeIfAbsent(content, c -> c.afterPowerCut(random)));
      folder.now.clear();
      folder.now.putAll(folder.durable);
    }
  }

  private static final class Content {
    private byte[] bytes = {};
    private int length;
    private int forced;

    void append(ByteBuffer more) {
      int needed = length + more.remaining();
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
      }
      int count = more.remaining();
      more.get(bytes, length, count);
      length += count;
    }

    Content afterPowerCut(Random random) {
      Content left = new Content();
      left.length = forced + random.nextInt(length - forced + 1);
      left.bytes = Arrays.copyOf(bytes, left.length);
      if (left.length > forced && random.nextBoolean()) {
        Arrays.fill(
            left.bytes, forced + random.nextInt(left.length - forced), left.length, (byte) 0);
      }
      left.forced = left.length;
      return left;
    }
  }

  /** Whether an unforced change survives; shared by the two halves of a rename. */
  private static final class Fate {
    private Boolean happened;

    boolean happened(Random random) {
      if (happened == null) {
        happened = random.nextBoolean();
      }
      return happened;
    }
  }

  /**
   * @param content absent for a removal
   */
  private record Change(String name, Content content, Fate fate) {}

  private static final class Folder {
    private final Map<String, Content> now = new HashMap<>();
    private final Map<String, Content> durable = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();

    void put(String name, Content content, Fate fate) {
      now.put(name, content);
      pending.add(new Change(name, content, fate));
    }

    Content remove(String name, Fate fate) {
      Content removed = now.remove(name);
      if (removed != null) {
        pending.add(new Change(name, null, fate));
      }
      return removed;
    }

    void settle(Change change) {
      if (change.content == null) {
        durable.remove(change.name);
      } else {
        durable.put(change.name, change.content);
      }
    }
  }

  private interface Effect<T> {
    T happen() throws IOException;
  }

  private synchronized <T> T call(Effect<T> effect) throws IOException {
    callsLeft--;
    if (callsLeft > 0) {
      return effect.happen();
    }
    if (callsLeft == 0 && random.nextBoolean()) {
      effect.happen();
    }
    throw new IOException("The process has died");
  }

  private Folder folderOf(Path file) throws IOException {
    return folder(file.toAbsolutePath().getParent());
  }

  private Folder folder(Path path) throws IOException {
    Folder folder = folders.get(path.toAbsolutePath());
    if (folder == null) {
      throw new NoSuchFileException(path.toString());
    }
    return folder;
  }

  private Content content(Path file) throws IOException {
    Content content = folderOf(file).now.get(name(file));
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    return call(
        () -> {
          Folder folder = folderOf(file);
          if (folder.now.containsKey(name(file))) {
            throw new FileAlreadyExistsException(file.toString());
          }
          Content content = new Content();
          folder.put(name(file), content, new Fate());
          return new Writing(content);
        });
  }

  private final class Writing implements WritableFile {
    private final Content content;

    Writing(Content content) {
      this.content = content;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      call(
          () -> {
            content.append(bytes);
            return null;
          });
    }

    @Override
    public void force() throws IOException {
      call(
          () -> {
            content.forced = content.length;
            return null;
          });
    }

    @Override
    public void close() {}
  }

  @Override
  public ReadableFile open(Path file) throws IOException {
    Content content = call(() -> content(file));
    return new ReadableFile() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public int read(ByteBuffer into, long position) {
        if (position >= content.length) {
          return -1;
        }
        int count = Math.min(into.remaining(), content.length - (int) position);
        into.put(content.bytes, (int) position, count);
        return count;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    call(
        () -> {
          Content content = content(from);
          Fate fate = new Fate();
          folderOf(from).remove(name(from), fate);
          folderOf(to).put(name(to), content, fate);
          return null;
        });
  }

  @Override
  public boolean delete(Path file) throws IOException {
    return call(() -> folderOf(file).remove(name(file), new Fate()) != null);
  }

  @Override
  public synchronized boolean exists(Path file) {
    Folder folder = folders.get(file.toAbsolutePath().getParent());
    return folders.containsKey(file.toAbsolutePath())
        || (folder != null && folder.now.containsKey(name(file)));
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return call(
        () -> {
          Path absolute = folder.toAbsolutePath();
          if (!folders.containsKey(absolute)) {
            return List.of();
          }
          TreeSet<String> names = new TreeSet<>(folder(absolute).now.keySet());
          folders.keySet().stream()
              .filter(path -> absolute.equals(path.getParent()))
              .forEach(path -> names.add(name(path)));
          return List.copyOf(names);
        });
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    call(
        () -> {
          Files.createDirectories(folder);
          for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
            folders.computeIfAbsent(path, p -> new Folder());
          }
          return null;
        });
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    call(
        () -> {
          Folder forced = folder(folder);
          forced.pending.forEach(forced::settle);
          forced.pending.clear();
          return null;
        });
  }

  @Override
  public long freeSpace(Path folder) {
    return Long.MAX_VALUE / 2;
  }
}
