package dev.skep.testkit.server;

import dev.skep.testkit.Wiring;
import java.io.IOException;

/** A server, a line to it that can fail, and what a driver of a port must be told to get in. */
public interface ServerAccess extends AutoCloseable {

  /** The word of the drivers on it: {@code etcd}. */
  String driver();

  /** Whether the tester provided it, so that it may be neither wiped nor stopped. */
  boolean isGiven();

  /** Its process, to be killed and frozen; not that of a given one. */
  ServerProcess process();

  TcpProxy line();

  /** Tells a driver of the port how to get in, by the line. */
  Wiring byTheLine(String port, String prefix);

  /** Tells a driver of the port how to get in, past the line. */
  Wiring direct(String port, String prefix);

  /** Removes everything, but lets the same in. */
  void wipe() throws Exception;

  @Override
  void close() throws IOException;
}
