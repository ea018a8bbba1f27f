package dev.skep.port;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.FolderLock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;

/** The folder of a durable embedded driver, held for this process until closed (P23). */
public final class DataFolder implements AutoCloseable {

  private final String key;
  private final Path path;
  private final FolderLock lock;

  private DataFolder(String key, Path path, FolderLock lock) {
    this.key = key;
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder where it is missing, and takes it.
   *
   * @param key the configuration key that names the folder
   * @throws CannotOpen when it cannot be made or written, or when another process holds it
   */
  public static DataFolder take(Disk disk, String key, Path path) {
    FolderLock lock;
    try {
      disk.createFolders(path);
      lock = FolderLock.tryAcquire(path);
    } catch (IOException e) {
      throw new CannotOpen(
          key,
          "the folder "
              + path
              + " cannot be written ("
              + reason(e)
              + "). Make it writable for the user who runs Skep, or name another one",
          e);
    }
    if (lock == null) {
      throw new CannotOpen(
          key,
          "the folder " + path + " is in use. Stop the other Skep, or name another folder",
          null);
    }
    return new DataFolder(key, path, lock);
  }

  public Path path() {
    return path;
  }

  /** What to throw when the folder's content is not what it should be. */
  public CannotOpen refuse(String detail, Exception cause) {
    return new CannotOpen(key, detail, cause);
  }

  public CannotOpen refuse(String detail) {
    return new CannotOpen(key, detail, null);
  }

  /** What to throw when the folder's content cannot be read or brought in order. */
  public CannotOpen refuse(IOException e) {
    return refuse("the folder " + path + " cannot be used: " + reason(e), e);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return Objects.requireNonNullElse(reason, e.toString());
  }
}
