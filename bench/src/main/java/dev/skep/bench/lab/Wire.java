package dev.skep.bench.lab;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP/1.1 connection that is kept open, for one thread. It does as little as a client can, so
 * that what is measured is the server: one write a request, no object a header.
 */
public final class Wire implements AutoCloseable {

  private static final byte[] LENGTH = ascii("content-length:");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked");
  private static final int TIMEOUT_MILLIS = 120_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private byte[] buffer = new byte[64 << 10];
  private int begin;
  private int end;
  private byte[] body = new byte[0];

  public Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** A whole request with a body; header lines end with CRLF. */
  public static byte[] request(String method, String address, String headers, byte[] content) {
    String head =
        method
            + " "
            + address
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + headers
            + (content.length == 0 && method.equals("GET")
                ? ""
                : "Content-Length: " + content.length + "\r\n")
            + "\r\n";
    byte[] start = ascii(head);
    byte[] whole = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    return whole;
  }

  /** Sends a request and reads its whole answer; the status. */
  public int exchange(byte[] request) throws IOException {
    out.write(request);
    int head = readHead();
    int status = Integer.parseInt(new String(buffer, begin + 9, 3, StandardCharsets.US_ASCII));
    boolean isChunked = find(CHUNKED, head) >= 0;
    int at = find(LENGTH, head);
    begin = head;
    if (isChunked) {
      readChunks();
    } else {
      body =
          status == 204 || status == 304 || at < 0 ? new byte[0] : take(number(at + LENGTH.length));
    }
    return status;
  }

  /** The content of the last answer. */
  public String body() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public int bodyLength() {
    return body.length;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The index after the empty line. */
  private int readHead() throws IOException {
    compact();
    int scanned = begin;
    while (true) {
      for (int i = Math.max(scanned, begin + 3); i < end; i++) {
        if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
          return i + 1;
        }
      }
      scanned = end;
      fill();
    }
  }

  private void readChunks() throws IOException {
    body = new byte[0];
    while (true) {
      int size = Integer.parseInt(readLine().strip(), 16);
      byte[] chunk = take(size);
      readLine();
      if (size == 0) {
        return;
      }
      int before = body.length;
      body = Arrays.copyOf(body, before + size);
      System.arraycopy(chunk, 0, body, before, size);
    }
  }

  private String readLine() throws IOException {
    int i = begin;
    while (true) {
      for (; i < end; i++) {
        if (buffer[i] == '\n') {
          String line = new String(buffer, begin, i - begin, StandardCharsets.US_ASCII);
          begin = i + 1;
          return line;
        }
      }
      int offset = i - begin;
      compact();
      i = begin + offset;
      fill();
    }
  }

  private byte[] take(int size) throws IOException {
    byte[] taken = new byte[size];
    int have = Math.min(size, end - begin);
    System.arraycopy(buffer, begin, taken, 0, have);
    begin += have;
    if (in.readNBytes(taken, have, size - have) < size - have) {
      throw new EOFException("the connection ended within an answer");
    }
    return taken;
  }

  private void compact() {
    System.arraycopy(buffer, begin, buffer, 0, end - begin);
    end -= begin;
    begin = 0;
  }

  private void fill() throws IOException {
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      throw new EOFException("the connection ended before an answer");
    }
    end += count;
  }

  /** Where a header begins, whatever its case; -1 if it is not in the head. */
  private int find(byte[] header, int head) {
    for (int i = begin; i < head - header.length; i++) {
      if (buffer[i] == '\n' && matches(header, i + 1)) {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean matches(byte[] header, int at) {
    for (int i = 0; i < header.length; i++) {
      int given = buffer[at + i];
      if ((given >= 'A' && given <= 'Z' ? given + 32 : given) != header[i]) {
        return false;
      }
    }
    return true;
  }

  private int number(int at) {
    int value = 0;
    for (int i = at; buffer[i] != '\r'; i++) {
      if (buffer[i] != ' ') {
        value = value * 10 + buffer[i] - '0';
      }
    }
    return value;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
