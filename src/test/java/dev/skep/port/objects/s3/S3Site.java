package dev.skep.port.objects.s3;

import dev.skep.testkit.TinyDisk;
import dev.skep.testkit.server.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/** A server for one class of tests, on a small disk where this machine lets us mount one. */
final class S3Site implements AutoCloseable {

  /** Room for the largest blob of the contract, in parts and put together. */
  private static final long DISK = 700L << 20;

  /** Starts a server on the files of a folder. */
  interface Launch {
    S3Server start(Path data) throws Exception;
  }

  private final @Nullable TinyDisk disk;
  private final S3Server server;

  private S3Site(@Nullable TinyDisk disk, S3Server server) {
    this.disk = disk;
    this.server = server;
  }

  static S3Site of(Launch launch) throws Exception {
    return new S3Site(null, launch.start(Files.createTempDirectory("skep-s3-data")));
  }

  /** One whose disk can be filled. */
  static S3Site onSmallDisk(Launch launch) throws Exception {
    Path folder = Files.createTempDirectory("skep-s3-data");
    return new S3Site(disk(folder), launch.start(folder));
  }

  S3Server server() {
    return server;
  }

  /** Leaves no byte on the server's disk, or takes that back. */
  void setFull(boolean full) throws IOException {
    server.process(); // no disk of ours would fill a given one
    Assumptions.assumeTrue(disk != null, "a full disk needs a mount, which is impossible here");
    if (full) {
      disk.fill();
    } else {
      disk.makeRoom();
    }
  }

  /** Gives back what {@link #setFull} took, if it did. */
  void setRoom() throws IOException {
    if (disk != null) {
      disk.makeRoom();
    }
  }

  void setDown(boolean down) throws Exception {
    if (down) {
      server.process().kill();
    } else {
      server.process().restart();
    }
  }

  @Override
  public void close() throws Exception {
    server.close();
    if (disk != null) {
      disk.close();
    }
  }

  private static @Nullable TinyDisk disk(Path folder) throws Exception {
    try {
      return TinyDisk.of(folder, DISK);
    } catch (TestAbortedException e) {
      return null;
    }
  }
}
