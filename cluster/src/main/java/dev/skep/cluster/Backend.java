package dev.skep.cluster;

import dev.skep.cluster.server.Replica;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A replica as the balancer sees it: asked again and again whether it takes requests. */
final class Backend {

  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int CONNECT_MILLIS = 1_000;

  /** A replica that is so often silent has stopped: who waits for it is sent elsewhere. */
  private static final int SILENT = 3;

  private final Replica replica;
  private final Set<Socket> lines = ConcurrentHashMap.newKeySet();
  private volatile boolean ready;

  Backend(Replica replica) {
    this.replica = replica;
  }

  boolean isReady() {
    return ready;
  }

  /** A new connection to it. One that is refused takes it out of use until it answers again. */
  Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress("127.0.0.1", replica.port()), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      lines.add(socket);
      return socket;
    } catch (IOException e) {
      ready = false;
      socket.close();
      throw e;
    }
  }

  void forget(Socket socket) {
    lines.remove(socket);
  }

  /** Until its thread is interrupted. One that says that it is not ready keeps its connections. */
  void watch() {
    int silent = 0;
    try {
      while (true) {
        try {
          ready = replica.isReady();
          silent = 0;
        } catch (IOException e) {
          ready = false;
          silent++;
          if (silent >= SILENT) {
            lines.forEach(Balancer::cut);
          }
        }
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      // the end
    }
  }
}
