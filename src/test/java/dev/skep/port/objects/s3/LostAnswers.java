package dev.skep.port.objects.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A line to a server that loses the answers to chosen requests, which the server has done, or
 * changes the requests on their way. Understands just as much of HTTP as its tests need: the head
 * of a request arrives in one piece.
 */
final class LostAnswers implements AutoCloseable {

  private final int target;
  private final ServerSocket server;
  private final UnaryOperator<String> change;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toLose = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile @Nullable Predicate<String> which;
  private volatile Predicate<String> refused = head -> false;

  LostAnswers(int target) throws IOException {
    this(target, UnaryOperator.identity());
  }

  /**
   * @param change of each piece of requests, to one of the same length
   */
  LostAnswers(int target, UnaryOperator<String> change) throws IOException {
    this.target = target;
    this.change = change;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Loses the answers to the next requests of this kind.
   *
   * @param heads tells by the first piece of a request
   */
  void lose(int count, Predicate<String> heads) {
    which = heads;
    lost.set(0);
    toLose.set(count);
  }

  /** Breaks the line at requests of this kind, which never reach the server. */
  void refuse(Predicate<String> heads) {
    refused = heads;
  }

  int lost() {
    return lost.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(client);
      sockets.add(upstream);
      AtomicInteger answersToLose = new AtomicInteger();
      Thread.ofVirtual().start(() -> answers(upstream, client, answersToLose));
      byte[] buffer = new byte[64 * 1024];
      InputStream in = client.getInputStream();
      OutputStream out = upstream.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        String piece = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        if (refused.test(piece)) {
          return;
        }
        Predicate<String> chosen = which;
        if (chosen != null && chosen.test(piece) && toLose.getAndDecrement() > 0) {
          answersToLose.incrementAndGet();
        }
        out.write(change.apply(piece).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // one side has gone
    }
  }

  private void answers(Socket upstream, Socket client, AtomicInteger toLoseHere) {
    byte[] buffer = new byte[64 * 1024];
    try (client) {
      InputStream in = upstream.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (toLoseHere.get() > 0) {
          lost.incrementAndGet();
          return;
        }
        client.getOutputStream().write(buffer, 0, count);
      }
    } catch (IOException e) {
      // one side has gone
    }
  }
}
