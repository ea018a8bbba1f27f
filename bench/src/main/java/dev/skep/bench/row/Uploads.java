package dev.skep.bench.row;

import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Uploads of small files to names that are new, each connection into a folder of its own.
 *
 * @param size of each, in bytes
 * @param isForced whether an upload counts only when its file and its folder were forced to disk,
 *     for a server that does not do so itself: the shim. It is part of the client, which runs on
 *     the same machine, so that it costs nothing but the forces themselves
 */
record Uploads(FileServer server, int size, boolean isForced) {

  private static final int CREATED = 201;

  /** Makes the folders of a run at once, so that they are not timed with it. */
  Load.Step into(String run, int connections) throws IOException {
    try (Wire wire = new Wire(server.port())) {
      server.makeFolder(wire, run);
      for (int i = 0; i < connections; i++) {
        server.makeFolder(wire, run + "/" + i);
      }
    }
    return (wire, connection, n) -> upload(wire, path(run, connection, n));
  }

  /** Where the n-th file of a connection goes. */
  static String path(String run, int connection, int n) {
    return run + "/" + connection + "/" + n + ".bin";
  }

  private void upload(Wire wire, String path) throws IOException {
    byte[] request = Wire.request("PUT", server.address(path), server.headers(), content(size));
    int status = wire.exchange(request);
    if (status != CREATED) {
      throw new IOException(
          server.name() + ": PUT " + path + " gave " + status + ": " + wire.body());
    }
    if (isForced) {
      Disk.forceWithFolder(server.stored(path).orElseThrow());
    }
  }

  /** Never the same twice. */
  private static byte[] content(int size) {
    ByteBuffer content = ByteBuffer.allocate(size);
    while (content.hasRemaining()) {
      content.putLong(ThreadLocalRandom.current().nextLong());
    }
    return content.array();
  }
}
