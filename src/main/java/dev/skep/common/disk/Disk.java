package dev.skep.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What the durable embedded drivers need of a file system, and nothing more (P1). Nothing is
 * durable before it is forced: the bytes of a file by {@link WritableFile#force()}, the entry of a
 * file in its folder by {@link #forceFolder}. The testkit replaces it by one that forgets whatever
 * was not forced. Thread-safe.
 *
 * <p>A disk without room throws {@link DiskFull}, a missing file {@link
 * java.nio.file.NoSuchFileException}. A force that failed must never be repeated: the system may
 * have dropped what it could not write, and the second one would succeed for nothing.
 */
public interface Disk {

  /** Makes a new file for writing; fails when it exists. */
  WritableFile create(Path file) throws IOException;

  /**
   * The same for a file of many megabytes, which is written once: {@link WritableFile#force()} ends
   * it.
   */
  default WritableFile createLarge(Path file) throws IOException {
    return create(file);
  }

  /** Opens an existing file for reading at positions. */
  ReadableFile open(Path file) throws IOException;

  /** Renames atomically, replacing what was there; durable once the target's folder is forced. */
  void move(Path from, Path to) throws IOException;

  /** Deletes the file if it exists; tells whether it did. */
  boolean delete(Path file) throws IOException;

  boolean exists(Path file);

  /** The names in a folder, unsorted; empty when the folder does not exist. */
  List<String> list(Path folder) throws IOException;

  /**
   * Makes the folder and its missing parents, each forced into its parent before this returns; so
   * is a folder that is already there, since who made it may have been killed before forcing it.
   */
  void createFolders(Path folder) throws IOException;

  /** Forces the entries of the folder. */
  void forceFolder(Path folder) throws IOException;

  /** Bytes that can still be written. */
  long freeSpace(Path folder) throws IOException;

  /** A file being written from its beginning. One thread at a time. */
  interface WritableFile extends AutoCloseable {

    /** Writes all remaining bytes at the end. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Forces content and length. After a failure the file must be given up, never forced again
     * (P2).
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** A file read at positions. Thread-safe. */
  interface ReadableFile extends AutoCloseable {

    long size() throws IOException;

    /** Reads up to {@code into.remaining()} bytes at the position; -1 at the end. */
    int read(ByteBuffer into, long position) throws IOException;

    @Override
    void close() throws IOException;
  }
}
