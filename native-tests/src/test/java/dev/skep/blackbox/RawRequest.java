package dev.skep.blackbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request written to the socket byte by byte, for what no client library would send. */
public final class RawRequest {

  private static final int PATIENCE = 30_000;

  private final Client client;
  private final String method;
  private final String path;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private byte[] line;
  private byte[] body = new byte[0];

  private RawRequest(Client client, String method, String path) {
    this.client = client;
    this.method = method;
    this.path = Client.whole(path);
    this.line = (method + " " + this.path + " HTTP/1.1\r\n").getBytes(StandardCharsets.ISO_8859_1);
    headers.put("Host", "127.0.0.1");
    headers.put("Connection", "close");
    if (client.authorization() != null) {
      headers.put("Authorization", client.authorization());
    }
  }

  public static RawRequest of(Client client, String method, String path) {
    return new RawRequest(client, method, path);
  }

  /** Another first line, with its end. */
  public RawRequest line(byte[] bytes) {
    line = bytes;
    return this;
  }

  public RawRequest header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public RawRequest body(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Sends all of it and reads until the server closes. */
  public Answer send() {
    try (Conversation conversation = open()) {
      conversation.write(body);
      return conversation.answer();
    }
  }

  /** Sends the head only; what follows is up to the test. */
  public Conversation open() {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.skep().port());
      socket.setSoTimeout(PATIENCE);
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.write(line);
      for (Map.Entry<String, String> header : headers.entrySet()) {
        String text = header.getKey() + ": " + header.getValue() + "\r\n";
        head.write(text.getBytes(StandardCharsets.ISO_8859_1));
      }
      head.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(head.toByteArray());
      socket.getOutputStream().flush();
      return new Conversation(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An open connection on which the head has been sent. */
  public final class Conversation implements AutoCloseable {
    private final Socket socket;

    private Conversation(Socket socket) {
      this.socket = socket;
    }

    public void write(byte[] bytes) {
      try {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The first bytes of the answer. */
    public void readSome() {
      try {
        socket.getInputStream().readNBytes(100);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Closes our side of it, as a client that has gone away. */
    public void breakOff() {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Closes our sending side only; the answer can still be read. */
    public void endOfInput() {
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The next answer, also an interim one, which has no body. */
    public Answer answer() {
      try {
        InputStream in = socket.getInputStream();
        String first = readLine(in);
        int status = Integer.parseInt(first.split(" ")[1]);
        Map<String, List<String>> read = new LinkedHashMap<>();
        for (String next = readLine(in); !next.isEmpty(); next = readLine(in)) {
          int colon = next.indexOf(':');
          read.computeIfAbsent(next.substring(0, colon), name -> new ArrayList<>())
              .add(next.substring(colon + 1).strip());
        }
        HttpHeaders answered = HttpHeaders.of(read, (name, value) -> true);
        if (status == 100) {
          return new Answer(method + " " + path, status, answered, new byte[0]);
        }
        Observations.record(method, path, status);
        return new Answer(method + " " + path, status, answered, body(in, answered));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private byte[] body(InputStream in, HttpHeaders answered) throws IOException {
      long length = answered.firstValueAsLong("Content-Length").orElse(0);
      return method.equals("HEAD") ? new byte[0] : in.readNBytes((int) length);
    }

    private static String readLine(InputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new IOException("closed in the middle of a line: " + bytes);
        }
        if (next != '\r') {
          bytes.write(next);
        }
      }
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
