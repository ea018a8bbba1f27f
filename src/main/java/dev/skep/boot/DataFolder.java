package dev.skep.boot;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DurableFile;
import dev.skep.common.disk.FolderLock;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.CannotOpen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which embedded drivers keep their data: private to its owner, held by one process,
 * of a format that this version knows.
 */
final class DataFolder implements AutoCloseable {

  private static final String KEY = "skep.data";
  private static final int FORMAT = 1;

  private final FolderLock lock;

  private DataFolder(FolderLock lock) {
    this.lock = lock;
  }

  /**
   * Makes the folder if it is not there, and holds it.
   *
   * @throws CannotOpen when it cannot be written, is held by another process, or is of a newer
   *     version
   */
  static DataFolder open(Path path) {
    return open(new RealDisk(), path);
  }

  static DataFolder open(Disk disk, Path path) {
    FolderLock lock = null;
    try {
      makePrivate(disk, path);
      lock = FolderLock.tryAcquire(path);
      if (lock == null) {
        throw cannot(path, "is in use by another process; stop that, or choose another folder");
      }
      checkFormat(disk, path);
      return new DataFolder(lock);
    } catch (IOException e) {
      release(lock);
      throw cannot(path, "cannot be used: " + reason(e), e);
    } catch (CannotOpen e) {
      release(lock);
      throw e;
    }
  }

  /** Whether a process holds the folder, which must be there. */
  static boolean isHeld(Path path) throws IOException {
    FolderLock lock = FolderLock.tryAcquire(path);
    if (lock == null) {
      return true;
    }
    lock.close();
    return false;
  }

  /** What would keep the folder from being opened; a folder that is not there yet is not made. */
  static Optional<String> problem(Path path) throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (DataFolder folder = open(path)) {
      return Optional.empty();
    } catch (CannotOpen e) {
      return Optional.of(e.line());
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static void makePrivate(Disk disk, Path path) throws IOException {
    if (Files.isDirectory(path) && !isEmpty(path)) {
      return;
    }
    disk.createFolders(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.findAny().isEmpty();
    }
  }

  private static void checkFormat(Disk disk, Path path) throws IOException {
    DurableFile file = new DurableFile(disk, path, "format");
    Optional<byte[]> found = file.read();
    if (found.isEmpty()) {
      file.replace((FORMAT + "\n").getBytes(StandardCharsets.UTF_8));
      return;
    }
    String text = new String(found.get(), StandardCharsets.UTF_8).strip();
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw cannot(path, "is damaged: its file format does not hold a number");
    }
    if (Integer.parseInt(text) > FORMAT) {
      throw cannot(
          path,
          "was written by a newer version of Skep (format %s, this version knows %d); start that version, or choose another folder"
              .formatted(text, FORMAT));
    }
  }

  private static CannotOpen cannot(Path path, String what) {
    return cannot(path, what, null);
  }

  private static CannotOpen cannot(Path path, String what, @Nullable Throwable cause) {
    return new CannotOpen(KEY, "the folder %s %s.".formatted(path, what), cause);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case FileAlreadyExistsException file -> "it is a file";
      case FileSystemException fs when fs.getReason() != null -> fs.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void release(@Nullable FolderLock lock) {
    if (lock == null) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      // The kernel drops the lock with the process, which is about to end.
    }
  }
}
