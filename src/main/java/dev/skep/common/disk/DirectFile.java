package dev.skep.common.disk;

import com.sun.nio.file.ExtendedOpenOption;
import dev.skep.common.disk.Disk.WritableFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A long file that is written past the system's cache (O_DIRECT), one piece going to the disk while
 * the next one is filled: the bytes are copied once less, nothing else is driven out of the cache,
 * and at the end there is little left to force. Each takes {@value #PIECES} × {@value #PIECE} bytes
 * of memory outside the heap, so only {@value #AT_ONCE} exist at a time.
 */
final class DirectFile implements WritableFile {

  private static final int PIECE = 512 * 1024;
  private static final int PIECES = 2;
  private static final int AT_ONCE = 16;

  private static final Set<OpenOption> NEW_DIRECT =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);

  private static final Semaphore ROOM = new Semaphore(AT_ONCE);

  private final Path file;
  private final FileChannel channel;
  private final int block;
  private final Arena memory = Arena.ofShared();
  private final WriteBehind behind = new WriteBehind();
  private ByteBuffer filling;
  private ByteBuffer idle;
  private long length;
  private boolean givenUp;
  private boolean closed;

  private DirectFile(Path file, FileChannel channel, int block) {
    this.file = file;
    this.channel = channel;
    this.block = block;
    this.filling = memory.allocate(PIECE, block).asByteBuffer();
    this.idle = memory.allocate(PIECE, block).asByteBuffer();
  }

  /** Makes the file; absent, and no file made, where the file system or the memory do not allow. */
  static @Nullable DirectFile tryCreate(Path file, FileAttribute<?> permissions)
      throws IOException {
    if (!ROOM.tryAcquire()) {
      return null;
    }
    DirectFile made = null;
    try {
      made = open(file, permissions);
      return made;
    } finally {
      if (made == null) {
        ROOM.release();
      }
    }
  }

  private static @Nullable DirectFile open(Path file, FileAttribute<?> permissions)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    long block = Files.getFileStore(folder == null ? file : folder).getBlockSize();
    if (block <= 0 || PIECE % block != 0) {
      return null;
    }
    try {
      return new DirectFile(
          file, FileChannel.open(file, NEW_DIRECT, permissions), Math.toIntExact(block));
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Linux makes the file before it finds that its file system cannot do this.
      Files.deleteIfExists(file);
      return null;
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    requireSound();
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), filling.remaining());
      filling.put(filling.position(), bytes, bytes.position(), count);
      filling.position(filling.position() + count);
      bytes.position(bytes.position() + count);
      length += count;
      if (!filling.hasRemaining()) {
        hand(filling.flip());
      }
    }
  }

  private void hand(ByteBuffer piece) throws IOException {
    try {
      behind.begin(() -> writeAll(piece));
    } catch (IOException e) {
      givenUp = true;
      throw RealDisk.named(e, file, piece.remaining());
    }
    filling = idle.clear();
    idle = piece;
  }

  private void writeAll(ByteBuffer piece) throws IOException {
    while (piece.hasRemaining()) {
      channel.write(piece);
    }
  }

  @Override
  public void force() throws IOException {
    requireSound();
    givenUp = true;
    try {
      writeRest();
      channel.force(true);
    } catch (IOException e) {
      throw RealDisk.named(e, file, 0);
    }
    givenUp = false;
  }

  /** What does not fill a block is filled up, written and cut off again. */
  private void writeRest() throws IOException {
    behind.await();
    int rest = filling.position();
    if (rest == 0) {
      return;
    }
    int whole = (rest + block - 1) / block * block;
    while (filling.position() < whole) {
      filling.put((byte) 0);
    }
    writeAll(filling.flip());
    channel.truncate(length);
    // Nothing can be written behind a part of a block.
    filling = filling.position(0).limit(0);
  }

  private void requireSound() throws IOException {
    if (givenUp) {
      throw new IOException("This file was given up when it could not be written: " + file);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    behind.close();
    memory.close();
    ROOM.release();
    channel.close();
  }
}
