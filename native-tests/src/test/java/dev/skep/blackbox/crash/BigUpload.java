package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Uploads one file of 2 GB, in the rounds that it is told. */
final class BigUpload extends Actor {

  private static final long SIZE = 2L << 30;

  private final IntPredicate rounds;
  private final Map<String, String> stored = new TreeMap<>();
  private final String sha256 = sha256(new BigBody(SIZE));
  private volatile String cutOff;
  private volatile boolean fresh;
  private volatile Duration took = Duration.ofSeconds(10);

  BigUpload(IntPredicate rounds) {
    super("a 2 GB PUT", 1);
    this.rounds = rounds;
  }

  @Override
  void prepare(Client client) {}

  /** One whole upload beside all the others, which tells how long one takes. */
  Duration whole(Client client) {
    String path = "/home/big-whole";
    long began = System.nanoTime();
    String etag = put(client, path);
    took = Duration.ofNanos(System.nanoTime() - began);
    stored.put(path, etag);
    fresh = true;
    return took;
  }

  Duration took() {
    return took;
  }

  @Override
  void act(Client client, int thread, Round round) {
    if (!rounds.test(round.number())) {
      return;
    }
    String path = "/home/big-" + round.number();
    cutOff = path;
    stored.put(path, send(thread, () -> put(client, path)));
    fresh = true;
    cutOff = null;
  }

  /** Without the client of the others, which would take longer for 2 GB than Skep does. */
  private static String put(Client client, String path) {
    try {
      HttpURLConnection connection = connection(client, path);
      connection.setRequestMethod("PUT");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(SIZE);
      try (OutputStream out = connection.getOutputStream()) {
        new BigBody(SIZE).transferTo(out);
      }
      assertThat(connection.getResponseCode()).as(path).isEqualTo(201);
      return connection.getHeaderField("ETag");
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private static HttpURLConnection connection(Client client, String path) throws IOException {
    URI uri = client.skep().base().resolve("/api/v1/files" + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestProperty("Authorization", client.authorization());
    return connection;
  }

  @Override
  void verify(Client client) {
    if (cutOff != null) {
      Answer answer = client.head("/files" + cutOff);
      learnt(answer.status() != 404);
      if (answer.status() != 404) {
        stored.put(cutOff, answer.is(200).etag());
        fresh = true;
      }
      cutOff = null;
    }
    if (fresh) {
      stored.forEach((path, etag) -> assertWhole(client, path, etag));
      fresh = false;
    }
  }

  private void assertWhole(Client client, String path, String etag) {
    try {
      HttpURLConnection connection = connection(client, path);
      assertThat(connection.getResponseCode()).as(path).isEqualTo(200);
      assertThat(connection.getHeaderField("ETag")).as(path).isEqualTo(etag);
      assertThat(sha256(connection.getInputStream())).as(path).isEqualTo(sha256);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  int files() {
    return stored.size();
  }

  private static String sha256(InputStream in) {
    try (in) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      int read;
      while ((read = in.read(buffer)) > 0) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
