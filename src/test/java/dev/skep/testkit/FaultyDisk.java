package dev.skep.testkit;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DiskFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk that fills up, stops working or fails one force when told to. Thread-safe. */
public final class FaultyDisk implements Disk {

  private final Disk disk;
  private final AtomicBoolean failFileForce = new AtomicBoolean();
  private final AtomicBoolean failFolderForce = new AtomicBoolean();
  private volatile Runnable duringFolderForce = () -> {};
  private volatile boolean full;
  private volatile boolean down;

  public FaultyDisk(Disk disk) {
    this.disk = disk;
  }

  /** The next force of a file fails; the one after it would succeed. */
  public void failNextFileForce() {
    failFileForce.set(true);
  }

  /** The next force of a folder fails; the one after it would succeed. */
  public void failNextFolderForce() {
    failFolderForce.set(true);
  }

  /**
   * Runs this at the beginning of each force of a folder, while its entries are not durable yet.
   */
  public void duringFolderForce(Runnable task) {
    duringFolderForce = task;
  }

  /** While full, nothing can be written and nothing is free; deleting works. */
  public void full(boolean now) {
    full = now;
  }

  /** While down, every call fails. */
  public void down(boolean now) {
    down = now;
  }

  private void requireUp() throws IOException {
    if (down) {
      throw new IOException("Input/output error");
    }
  }

  private void requireRoom() throws IOException {
    requireUp();
    if (full) {
      throw new DiskFull("No space left on device", null);
    }
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    requireRoom();
    WritableFile created = disk.create(file);
    return new WritableFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        requireRoom();
        created.write(bytes);
      }

      @Override
      public void force() throws IOException {
        requireUp();
        if (failFileForce.getAndSet(false)) {
          throw new IOException("Input/output error");
        }
        created.force();
      }

      @Override
      public void close() throws IOException {
        created.close();
      }
    };
  }

  @Override
  public ReadableFile open(Path file) throws IOException {
    requireUp();
    ReadableFile opened = disk.open(file);
    return new ReadableFile() {
      @Override
      public long size() throws IOException {
        return opened.size();
      }

      @Override
      public int read(ByteBuffer into, long position) throws IOException {
        requireUp();
        return opened.read(into, position);
      }

      @Override
      public void close() throws IOException {
        opened.close();
      }
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    requireUp();
    disk.move(from, to);
  }

  @Override
  public boolean delete(Path file) throws IOException {
    requireUp();
    return disk.delete(file);
  }

  @Override
  public boolean exists(Path file) {
    return disk.exists(file);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    requireUp();
    return disk.list(folder);
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    requireRoom();
    disk.createFolders(folder);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    requireUp();
    duringFolderForce.run();
    if (failFolderForce.getAndSet(false)) {
      throw new IOException("Input/output error");
    }
    disk.forceFolder(folder);
  }

  @Override
  public long freeSpace(Path folder) throws IOException {
    requireUp();
    return full ? 0 : disk.freeSpace(folder);
  }
}
