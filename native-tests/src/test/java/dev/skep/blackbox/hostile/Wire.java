package dev.skep.blackbox.hostile;

import dev.skep.blackbox.Skep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A bare connection: sends what no HTTP client would, and may be cut at any byte. */
final class Wire implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();

  private Wire(Skep skep) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", skep.port()), 10_000);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  static Wire to(Skep skep) throws IOException {
    return new Wire(skep);
  }

  /** Lines end in CR LF here, whatever they end in there. */
  Wire send(String text) throws IOException {
    return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** All that comes until the server ends the connection or has been silent for a minute. */
  String answer() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketException e) {
      // A server that refuses early may reset what it has not read.
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** The server has not said a word and does not within this time. */
  boolean isSilentFor(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /** Ends the connection at once (RST), as a dead cable does after a while. */
  void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
