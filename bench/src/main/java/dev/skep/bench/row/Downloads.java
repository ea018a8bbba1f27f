package dev.skep.bench.row;

import dev.skep.bench.lab.FileServer;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Downloads of what {@link Uploads} have brought.
 *
 * @param run of the uploads
 * @param connections of the uploads
 * @param files on each of them
 * @param size of each, in bytes
 */
record Downloads(FileServer server, String run, int connections, int files, int size) {

  /** Any of the files, so that no side answers from its last answer. */
  Load.Step step() {
    byte[][] requests = new byte[connections * files][];
    for (int i = 0; i < requests.length; i++) {
      String path = Uploads.path(run, i % connections, i / connections);
      requests[i] = Wire.request("GET", server.address(path), server.headers(), new byte[0]);
    }
    return (wire, connection, n) -> {
      byte[] request = requests[ThreadLocalRandom.current().nextInt(requests.length)];
      int status = wire.exchange(request);
      if (status != 200 || wire.bodyLength() != size) {
        throw new IOException(
            server.name() + ": GET gave " + status + " and " + wire.bodyLength() + " bytes");
      }
    };
  }
}
