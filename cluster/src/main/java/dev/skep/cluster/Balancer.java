package dev.skep.cluster;

import dev.skep.cluster.server.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands each connection to one replica after the other, of those that are ready, and carries its
 * bytes with two small buffers. A replica that refuses the connection is passed over, which the
 * client does not notice; a connection that breaks later breaks for the client too, since only he
 * knows whether his request may be repeated.
 */
public final class Balancer implements AutoCloseable {

  private static final int BUFFER = 64 * 1024;
  private static final int BACKLOG = 200;

  /** How long a client waits while no replica is ready. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final byte[] NOBODY =
      """
      HTTP/1.1 503 Service Unavailable\r
      Retry-After: 1\r
      Content-Length: 0\r
      Connection: close\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final List<Backend> backends;
  private final List<Thread> watches;
  private final ServerSocket server;
  private final AtomicInteger turn = new AtomicInteger();

  private Balancer(List<Backend> backends, ServerSocket server) {
    this.backends = backends;
    this.server = server;
    this.watches =
        backends.stream()
            .map(each -> Thread.ofVirtual().name("balancer-watch").start(each::watch))
            .toList();
    Thread.ofVirtual().name("balancer").start(this::accept);
  }

  public static Balancer before(List<Replica> replicas, int port) throws IOException {
    return new Balancer(
        replicas.stream().map(Backend::new).toList(),
        new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()));
  }

  public String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().name("balancer-line").start(() -> serve(client));
      } catch (IOException e) {
        // closed, or a client that has gone again
      }
    }
  }

  private void serve(Socket client) {
    try {
      client.setTcpNoDelay(true);
      Backend backend = null;
      Socket upstream = null;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (upstream == null && System.nanoTime() < deadline && !server.isClosed()) {
        backend = next();
        upstream = backend == null ? null : tryConnect(backend);
        if (backend == null) {
          Thread.sleep(50);
        }
      }
      if (upstream == null) {
        client.getOutputStream().write(NOBODY);
        client.close();
        return;
      }
      carry(client, upstream);
      backend.forget(upstream);
    } catch (IOException e) {
      cut(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut(client);
    }
  }

  /** The next one that is ready; null when none is. */
  private Backend next() {
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(Math.floorMod(turn.getAndIncrement(), backends.size()));
      if (backend.isReady()) {
        return backend;
      }
    }
    return null;
  }

  private static Socket tryConnect(Backend backend) {
    try {
      return backend.connect();
    } catch (IOException e) {
      return null;
    }
  }

  private static void carry(Socket client, Socket upstream) throws InterruptedException {
    Thread back = Thread.ofVirtual().name("balancer-back").start(() -> pump(upstream, client));
    pump(client, upstream);
    back.join();
    close(client);
    close(upstream);
  }

  private static void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // What one side did to the line, the other side sees too.
      cut(from);
      cut(to);
    }
  }

  /** Ends a connection so that the other side notices at once that something is missing. */
  static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  @Override
  public void close() {
    watches.forEach(Thread::interrupt);
    try {
      server.close();
    } catch (IOException e) {
      // it ends with the process
    }
  }
}
