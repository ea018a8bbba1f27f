package dev.skep.port.objects.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.port.objects.ObjectStore.KeyTaken;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed blobs: one file each, spread over {@value #SHARDS} sub-folders by a hash of the key
 * so that none grows large. A key's slashes become underscores, which no key holds, so that {@code
 * a} and {@code a/b} can both be files. Thread-safe.
 */
final class BlobFolder {

  private static final int SHARDS = 256;

  private final Disk disk;
  private final Path root;
  private final RunningCommits commits = new RunningCommits();

  /** Shards whose names are known to be durable, but for those of running commits. */
  private final Set<Path> settled = ConcurrentHashMap.newKeySet();

  /** Shards that could not be forced; nothing is written there until the next start (P2). */
  private final Set<Path> unsound = ConcurrentHashMap.newKeySet();

  BlobFolder(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /** Makes the folder, and durable what is in it: a killed process may not have forced it. */
  void open() throws IOException {
    disk.createFolders(root);
    disk.forceFolder(root);
  }

  boolean isEmpty() throws IOException {
    return disk.list(root).isEmpty();
  }

  boolean sound() {
    return unsound.isEmpty() && disk.exists(root);
  }

  /** Gives the finished and forced file its name; when this returns, the blob is there for good. */
  void publish(Path finished, String key) throws IOException {
    Path shard = shard(key);
    Path file = file(shard, key);
    commits.begin(key);
    try {
      requireSound(shard);
      if (!disk.exists(shard)) {
        disk.createFolders(shard);
      }
      if (disk.exists(file)) {
        throw new KeyTaken(key);
      }
      disk.move(finished, file);
      forceNameOf(key, shard, file);
    } finally {
      commits.end(key);
    }
  }

  /**
   * Forces a shard before its names are first told to anyone: a process that was killed may have
   * left some that can be seen but are not durable yet. Not at the start, which all shards together
   * would delay by a second.
   */
  private void settle(Path shard) throws IOException {
    if (settled.contains(shard)) {
      return;
    }
    try {
      disk.forceFolder(shard);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      unsound.add(shard);
      throw e;
    } finally {
      settled.add(shard);
    }
  }

  private void forceNameOf(String key, Path shard, Path file) {
    try {
      disk.forceFolder(shard);
    } catch (IOException e) {
      unsound.add(shard);
      commits.keepHidden(key);
      UnknownOutcomeException unknown = unforced(e);
      try {
        disk.delete(file);
      } catch (IOException suppressed) {
        unknown.addSuppressed(suppressed);
      }
      throw unknown;
    }
  }

  @Nullable ReadableFile open(String key) throws IOException {
    Path shard = shard(key);
    settle(shard);
    ReadableFile file;
    try {
      file = disk.open(file(shard, key));
    } catch (NoSuchFileException e) {
      return null;
    }
    if (commits.hides(key)) {
      file.close();
      return null;
    }
    return file;
  }

  /**
   * Forces the folder even if there is no such file: whoever deleted it may not have done so yet.
   */
  void delete(String key) throws IOException {
    Path shard = shard(key);
    if (!disk.exists(shard)) {
      return;
    }
    requireSound(shard);
    disk.delete(file(shard, key));
    try {
      disk.forceFolder(shard);
    } catch (IOException e) {
      unsound.add(shard);
      throw unforced(e);
    }
  }

  List<String> list(String prefix, @Nullable String after, int limit) throws IOException {
    PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder());
    for (String shard : disk.list(root)) {
      settle(root.resolve(shard));
      for (String name : disk.list(root.resolve(shard))) {
        String key = name.replace('_', '/');
        if (key.startsWith(prefix)
            && (after == null || key.compareTo(after) > 0)
            && !commits.hides(key)) {
          first.add(key);
          if (first.size() > limit) {
            first.remove();
          }
        }
      }
    }
    return first.stream().sorted().toList();
  }

  private Path shard(String key) {
    // Fibonacci hashing: the high bits of the product depend on all bits of the hash.
    byte shard = (byte) ((key.hashCode() * 0x9E3779B9) >>> 24);
    return root.resolve(HexFormat.of().toHexDigits(shard));
  }

  private static Path file(Path shard, String key) {
    return shard.resolve(key.replace('/', '_'));
  }

  private void requireSound(Path shard) {
    if (unsound.contains(shard)) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE,
          "A part of the object store could not be forced to disk and takes no changes until Skep is"
              + " restarted. Check the disk");
    }
  }

  private static UnknownOutcomeException unforced(IOException e) {
    return new UnknownOutcomeException("The change could not be forced to disk. Check the disk", e);
  }
}
