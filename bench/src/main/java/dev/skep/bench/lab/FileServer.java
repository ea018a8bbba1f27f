package dev.skep.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A server that keeps files by HTTP, with a log-in. */
public interface FileServer {

  String name();

  int port();

  /** The processor time it has used so far, in seconds. */
  double cpuSeconds() throws IOException;

  /** That of the servers it keeps everything in, where it has such. */
  default double storesCpuSeconds() throws IOException {
    return 0;
  }

  /** Header lines of a request, the log-in among them. */
  String headers();

  /** Where a file is in a URL, by its path below the top. */
  String address(String path);

  /** Makes a folder whose parent exists. */
  void makeFolder(Wire wire, String path) throws IOException;

  /** Where the server keeps the file of a path, if it keeps it as one. */
  Optional<Path> stored(String path);
}
