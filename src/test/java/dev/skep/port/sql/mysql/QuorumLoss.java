package dev.skep.port.sql.mysql;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that can lose its quorum, as a Galera node does: it goes on taking connections and
 * answers SHOW and SET, and refuses all else (1047). In truth a line to a healthy one, without TLS.
 */
final class QuorumLoss implements AutoCloseable {

  private static final int QUERY = 0x03;
  private static final Set<Integer> REFUSED = Set.of(QUERY, 0x16, 0x17);
  private static final int UNKNOWN_COMMAND = 1047;

  private final String host;
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private volatile boolean lost;

  private QuorumLoss(String host, int target) throws IOException {
    this.host = host;
    this.target = target;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static QuorumLoss before(String endpoint) throws IOException {
    String[] address = endpoint.split(":");
    return new QuorumLoss(address[0], Integer.parseInt(address[1]));
  }

  String endpoint() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  void lose() {
    lost = true;
  }

  void find() {
    lost = false;
  }

  int connections() {
    return clients.size();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : clients) {
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
    clients.add(client);
    try (client;
        Socket upstream = new Socket(host, target)) {
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> answer(upstream, client));
      DataInputStream in = new DataInputStream(client.getInputStream());
      while (true) {
        byte[] packet = next(in);
        if (lost && isRefused(packet)) {
          refuse(client.getOutputStream());
        } else {
          upstream.getOutputStream().write(packet);
        }
      }
    } catch (IOException e) {
      // one side has gone
    } finally {
      clients.remove(client);
    }
  }

  private static void answer(Socket upstream, Socket client) {
    try (client) {
      upstream.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // one side has gone
    }
  }

  /** A packet with its head: three bytes of length, one of its number. */
  private static byte[] next(DataInputStream in) throws IOException {
    byte[] head = in.readNBytes(4);
    if (head.length < 4) {
      throw new EOFException();
    }
    int length = (head[0] & 0xff) | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
    byte[] packet = new byte[4 + length];
    System.arraycopy(head, 0, packet, 0, 4);
    in.readFully(packet, 4, length);
    return packet;
  }

  private static boolean isRefused(byte[] packet) {
    boolean isCommand = packet[3] == 0 && packet.length > 4 && REFUSED.contains((int) packet[4]);
    return isCommand && !(packet[4] == QUERY && isHarmless(packet));
  }

  private static boolean isHarmless(byte[] packet) {
    String sql =
        new String(packet, 5, packet.length - 5, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
    return sql.startsWith("SHOW") || sql.startsWith("SET");
  }

  private static void refuse(OutputStream out) throws IOException {
    byte[] text =
        "#08S01WSREP has not yet prepared node for application use"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] packet = new byte[4 + 3 + text.length];
    packet[0] = (byte) (3 + text.length);
    packet[3] = 1;
    packet[4] = (byte) 0xff;
    packet[5] = (byte) (UNKNOWN_COMMAND & 0xff);
    packet[6] = (byte) (UNKNOWN_COMMAND >> 8);
    System.arraycopy(text, 0, packet, 7, text.length);
    out.write(packet);
    out.flush();
  }
}
