package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.blackbox.cluster.history.Operation.Surprise;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Somebody who asks a replica, and when that does not answer, or says that it cannot now, another:
 * the same request until it gets a final answer or patience ends. For one thread.
 */
final class Asker {

  /** Shorter than a replica is frozen, so that the request is repeated while it waits there. */
  private static final Duration ATTEMPT = Duration.ofSeconds(8);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LONGEST_PAUSE_MILLIS = 800;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** What one request came to. */
  private sealed interface Attempt {
    /** An answer that another attempt would not change. */
    record Final(int status, byte[] body) implements Attempt {}

    /** It was not done, for certain. */
    record NotDone() implements Attempt {}

    /** It may have been done, or may still be. */
    record InDoubt() implements Attempt {}
  }

  /** Where to ask, who counts, who remembers: common to all. */
  record Site(Supplier<List<URI>> replicas, LongAdder attempts, History history) {}

  private final Site site;
  private final int client;
  private final String authorization;
  private final Random random;

  Asker(Site site, int client, String user, String secret, Random random) {
    this.site = site;
    this.client = client;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    this.random = random;
  }

  History history() {
    return site.history();
  }

  Reply send(Call call) {
    long began = System.nanoTime();
    boolean doubtful = false;
    for (int tries = 1; ; tries++) {
      switch (attempt(call)) {
        case Attempt.Final answer -> {
          return reply(call, answer.status(), answer.body(), doubtful, began);
        }
        case Attempt.InDoubt ignored -> doubtful = true;
        case Attempt.NotDone ignored -> {}
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        return reply(call, 0, new byte[0], doubtful, began);
      }
      pause(tries);
    }
  }

  private Reply reply(Call call, int status, byte[] body, boolean doubtful, long began) {
    return new Reply(call, status, body, doubtful, new Span(client, began, System.nanoTime()));
  }

  /** Tells that an answer is none that may be. */
  void surprise(Reply reply) {
    history().add(new Surprise(reply.span(), reply.toString()));
  }

  private Attempt attempt(Call call) {
    List<URI> replicas = site.replicas().get();
    if (replicas.isEmpty()) {
      return new Attempt.NotDone();
    }
    URI replica = replicas.get(random.nextInt(replicas.size()));
    site.attempts().increment();
    try {
      HttpResponse<byte[]> answer =
          HTTP.send(
              call.to(replica, authorization, ATTEMPT), HttpResponse.BodyHandlers.ofByteArray());
      return judge(call, answer.statusCode(), answer.body());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Attempt.NotDone(); // no byte of it was sent
    } catch (IOException e) {
      return new Attempt.InDoubt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Attempt judge(Call call, int status, byte[] body) {
    if (status < 500 && status != 409 && status != 429 && status != 400) {
      return new Attempt.Final(status, body);
    }
    return switch (code(body)) {
      case "unavailable", "in-progress", "too-many-requests", "blob-gone", "incomplete" ->
          new Attempt.NotDone();
      case "unknown-outcome" -> new Attempt.InDoubt();
      case "internal", "corrupt", "" -> {
        Reply reply = reply(call, status, body, true, System.nanoTime());
        surprise(reply);
        yield new Attempt.InDoubt();
      }
      default -> new Attempt.Final(status, body);
    };
  }

  /** Empty when it is no problem document. */
  private static String code(byte[] body) {
    try {
      return JSON.readTree(body).path("code").asText();
    } catch (IOException e) {
      return "";
    }
  }

  private void pause(int tries) {
    try {
      Thread.sleep(random.nextInt(20, Math.min(LONGEST_PAUSE_MILLIS, 50 * (tries + 1))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
