package dev.skep.bench.lab;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;

/** What is done to the disk without a server in between. */
public final class Disk {

  private static final int CHUNK = 1 << 20;
  private static final int BLOCK = 4096;

  private Disk() {}

  /** Forces a file and the folder that names it: what a server owes before it acknowledges. */
  public static void forceWithFolder(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      channel.force(true);
    }
    try (FileChannel folder = FileChannel.open(file.getParent(), READ)) {
      folder.force(true);
    }
  }

  /** Writes a file from its beginning to its end and forces it once; the seconds it took. */
  public static double writeForced(Path file, long size) throws IOException {
    ByteBuffer chunk = random(CHUNK);
    long begin = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      fill(channel, chunk, size);
      channel.force(false);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The same past the system's cache; the last block is written whole. */
  public static double writeDirect(Path file, long size) throws IOException {
    ByteBuffer chunk = random(CHUNK);
    ByteBuffer aligned = ByteBuffer.allocateDirect(2 * CHUNK).alignedSlice(BLOCK).limit(CHUNK);
    aligned.put(chunk);
    long begin = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, ExtendedOpenOption.DIRECT)) {
      fill(channel, aligned, (size + BLOCK - 1) / BLOCK * BLOCK);
      channel.force(false);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** A file of bytes that nothing can make smaller. */
  public static void makeFile(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      fill(channel, random(CHUNK), size);
    }
  }

  /** Appends 4 KB, forces it, and so on; how many a second. */
  public static double forcedAppendsPerSecond(Path file, double seconds) throws IOException {
    ByteBuffer block = random(4096);
    long begin = System.nanoTime();
    long count = 0;
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      while (System.nanoTime() - begin < seconds * 1e9) {
        block.rewind();
        channel.write(block);
        channel.force(false);
        count++;
      }
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  /** Writes the same 4 KB of a file again and again, each time forced; how many a second. */
  public static double forcedOverwritesPerSecond(Path file, double seconds) throws IOException {
    ByteBuffer block = random(4096);
    long count = 0;
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      channel.write(block);
      channel.force(true);
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < seconds * 1e9) {
        block.rewind();
        channel.write(block, 0);
        channel.force(false);
        count++;
      }
      return count / ((System.nanoTime() - begin) / 1e9);
    }
  }

  public static ByteBuffer random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static void fill(FileChannel channel, ByteBuffer chunk, long size) throws IOException {
    for (long written = 0; written < size; ) {
      chunk.rewind();
      chunk.limit((int) Math.min(chunk.capacity(), size - written));
      chunk.putLong(0, written);
      while (chunk.hasRemaining()) {
        written += channel.write(chunk);
      }
    }
  }
}
