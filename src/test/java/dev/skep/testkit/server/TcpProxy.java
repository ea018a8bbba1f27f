package dev.skep.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A line between a client and a server that can be cut, go silent, become slow or keep something
 * back for a while. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private enum Line {
    OPEN,
    CUT,
    SILENT,
    DEAF
  }

  /**
   * What is kept back.
   *
   * @param text with which it begins, on each connection; nothing is kept back when it is empty
   * @param pieces of bytes that wait
   */
  private record Hold(String text, Queue<String> pieces, CountDownLatch released) {

    static Hold from(String text) {
      return new Hold(text, new ConcurrentLinkedQueue<>(), new CountDownLatch(1));
    }

    void keep(String piece) throws InterruptedException {
      if (!text.isEmpty() && piece.contains(text)) {
        pieces.add(piece);
        released.await();
      }
    }
  }

  private volatile InetSocketAddress target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Line line = Line.OPEN;
  private volatile Duration delay = Duration.ZERO;
  private volatile Hold hold = Hold.from("");

  private TcpProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public static TcpProxy to(String host, int port) throws IOException {
    return new TcpProxy(new InetSocketAddress(host, port));
  }

  /** New connections go to another server, as a load balancer sends them. */
  public void redirect(String host, int port) {
    target = new InetSocketAddress(host, port);
  }

  /** Where clients connect to, on 127.0.0.1. */
  public int port() {
    return server.getLocalPort();
  }

  /** Ends all connections and refuses new ones. */
  public void cut() {
    line = Line.CUT;
    closeAll();
  }

  /** Ends all connections once; new ones work. */
  public void reset() {
    closeAll();
  }

  /** Connections stay and new ones are taken, but nothing passes any more: a black hole. */
  public void silence() {
    line = Line.SILENT;
  }

  /** Requests reach the server, answers are lost. */
  public void loseAnswers() {
    line = Line.DEAF;
  }

  /** Each piece of bytes waits this long in each direction. */
  public void slow(Duration each) {
    delay = each;
  }

  /** Keeps back what clients send, on each connection from the first piece with this text on. */
  public void holdFrom(String text) {
    release();
    hold = Hold.from(text);
  }

  /** The first piece that is kept back, of each connection, its bytes as ISO 8859-1. */
  public List<String> held() {
    return List.copyOf(hold.pieces());
  }

  /** What was kept back goes on its way, late; nothing of it is lost. */
  public void release() {
    Hold ended = hold;
    hold = Hold.from("");
    ended.released().countDown();
  }

  /** All is well again; what went into a black hole is lost, with its connections. */
  public void mend() {
    if (line != Line.OPEN) {
      closeAll();
    }
    release();
    line = Line.OPEN;
    delay = Duration.ZERO;
  }

  /** Connections of clients that are open now. */
  public int connections() {
    return sockets.size() / 2;
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeAll();
    release();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (line == Line.CUT) {
          abort(client);
        } else {
          Thread.ofVirtual().start(() -> connect(client));
        }
      } catch (IOException e) {
        // closed, or a client that has gone
      }
    }
  }

  private void connect(Socket client) {
    Socket upstream = new Socket();
    try {
      upstream.connect(target, 2_000);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      abort(client);
      abort(upstream);
      return;
    }
    sockets.add(client);
    sockets.add(upstream);
    Thread.ofVirtual().start(() -> pump(client, upstream, Line.DEAF));
    Thread.ofVirtual().start(() -> pump(upstream, client, Line.OPEN));
  }

  /**
   * @param passesAlso when the line is open, and when it is this
   */
  private void pump(Socket from, Socket to, Line passesAlso) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!delay.isZero()) {
          Thread.sleep(delay);
        }
        if (passesAlso == Line.DEAF) {
          hold.keep(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
        if (line == Line.OPEN || line == passesAlso) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // the other side has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      drop(from);
      drop(to);
    }
  }

  private void closeAll() {
    sockets.forEach(this::drop);
  }

  private void drop(Socket socket) {
    sockets.remove(socket);
    abort(socket);
  }

  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }
}
