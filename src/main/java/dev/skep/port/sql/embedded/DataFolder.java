package dev.skep.port.sql.embedded;

import dev.skep.common.disk.FolderLock;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.CannotOpen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of the database, held for this process and closed to other users. */
final class DataFolder implements AutoCloseable {

  static final String KEY = "skep.sql.embedded.folder";

  private static final String DATABASE = "skep.db";

  private final Path folder;
  private final FolderLock lock;

  private DataFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Makes what is missing and takes the lock. */
  static DataFolder hold(Path folder) {
    FolderLock lock;
    try {
      new RealDisk().createFolders(folder);
      lock = FolderLock.tryAcquire(folder);
    } catch (IOException e) {
      throw notWritable(folder, e);
    }
    if (lock == null) {
      throw new CannotOpen(
          KEY,
          folder
              + " is in use by another process. Stop that one, or give each its own folder; replicas share a server instead (skep.sql.driver)",
          null);
    }
    try {
      closeToOthers(folder.resolve("lock"));
      Path database = folder.resolve(DATABASE);
      // SQLite gives its other files the permissions of this one.
      if (!Files.exists(database)) {
        Files.createFile(database);
      }
      closeToOthers(database);
      return new DataFolder(folder, lock);
    } catch (IOException e) {
      release(lock);
      throw notWritable(folder, e);
    }
  }

  Path database() {
    return folder.resolve(DATABASE);
  }

  /** What {@link Reserve} keeps. */
  Path reserve() {
    return folder.resolve("reserve");
  }

  @Override
  public void close() {
    release(lock);
  }

  static CannotOpen notWritable(Path folder, Throwable cause) {
    return new CannotOpen(
        KEY,
        folder
            + " cannot be written ("
            + cause.getClass().getSimpleName()
            + "). Make it writable for the user that runs Skep, or name another folder",
        cause);
  }

  private static void closeToOthers(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
