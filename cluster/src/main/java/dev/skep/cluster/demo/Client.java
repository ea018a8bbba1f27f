package dev.skep.cluster.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of the drive that sends a request again when its connection broke or the answer says
 * that a repetition may help: all that it sends is idempotent. Thread-safe.
 */
final class Client {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Set<Integer> AGAIN = Set.of(409, 429, 502, 503, 504);
  private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");
  private static final int LONGEST_PAUSE = 500;

  private final String address;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicInteger retried = new AtomicInteger();

  /** When the last request that had to be repeated was answered, by the monotonic clock. */
  private final AtomicLong lastRecovery = new AtomicLong(Long.MIN_VALUE);

  private volatile String credentials;

  private Client(String address) {
    this.address = address;
  }

  /** Signs in. */
  static Client of(String address, String user, String password)
      throws IOException, InterruptedException {
    // The JDK's own silent repetitions would not be counted.
    System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    Client client = new Client(address);
    client.credentials = basic(user, password);
    HttpResponse<String> session =
        client.send(
            client.request("/api/v1/sessions").POST(HttpRequest.BodyPublishers.noBody()),
            BodyHandlers.ofString());
    Matcher token = TOKEN.matcher(session.body());
    if (session.statusCode() != 201 || !token.find()) {
      throw new IOException("signing in gave " + session.statusCode() + ": " + session.body());
    }
    client.credentials = basic(user, token.group(1));
    return client;
  }

  /** What it sends as {@code Authorization}. */
  String credentials() {
    return credentials;
  }

  int retried() {
    return retried.get();
  }

  long lastRecovery() {
    return lastRecovery.get();
  }

  /**
   * Puts a file; returns when a replica has acknowledged it.
   *
   * @return the SHA-256 of what was acknowledged: the replica has compared it with the bytes
   * @throws IOException when none did in time, or one refused
   */
  byte[] put(String path, Path file) throws IOException, InterruptedException {
    byte[] digest = digest(file);
    HttpRequest.Builder request =
        request(path)
            .header("Repr-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":")
            .PUT(HttpRequest.BodyPublishers.ofFile(file));
    HttpResponse<String> answer = send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 201 && answer.statusCode() != 200) {
      throw new IOException("PUT " + path + " gave " + answer.statusCode() + ": " + answer.body());
    }
    return digest;
  }

  /** Whether the drive gives the bytes with this SHA-256. */
  boolean has(String path, byte[] digest) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(request(path).GET(), Client::digestOfBody);
    return answer.statusCode() == 200 && MessageDigest.isEqual(answer.body(), digest);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(ANSWER)
        .header("Authorization", credentials);
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int pause = 20;
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<T> answer = http.send(request.build(), body);
        if (!AGAIN.contains(answer.statusCode()) || System.nanoTime() > deadline) {
          if (attempt > 1) {
            lastRecovery.accumulateAndGet(System.nanoTime(), Math::max);
          }
          return answer;
        }
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      retried.incrementAndGet();
      Thread.sleep(ThreadLocalRandom.current().nextInt(pause / 2, pause));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** In constant memory. */
  private static HttpResponse.BodySubscriber<byte[]> digestOfBody(HttpResponse.ResponseInfo info) {
    MessageDigest digest = sha256();
    return HttpResponse.BodySubscribers.mapping(
        HttpResponse.BodySubscribers.fromSubscriber(new Digesting(digest), Digesting::digest),
        bytes -> bytes);
  }

  private static byte[] digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String basic(String user, String secret) {
    byte[] both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }
}
