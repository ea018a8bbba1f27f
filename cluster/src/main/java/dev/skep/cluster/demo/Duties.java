package dev.skep.cluster.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who holds which piece of background work, as etcd knows it: each key under {@code work} names the
 * process that holds it.
 */
final class Duties {

  private static final Pattern PAIR =
      Pattern.compile("\"key\":\"([^\"]*)\"[^{}]*\"value\":\"([^\"]*)\"");
  private static final Pattern PROCESS = Pattern.compile("^process (\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI range;

  Duties(String etcd) {
    this.range = URI.create(etcd + "/v3/kv/range");
  }

  /** The keys of the shards that a process holds. */
  Set<String> heldBy(long pid) throws IOException, InterruptedException {
    return holders().entrySet().stream()
        .filter(entry -> entry.getValue() == pid)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The process that holds each shard. */
  Map<String, Long> holders() throws IOException, InterruptedException {
    // All keys: from the zero byte to the zero byte, in etcd's words.
    String request = "{\"key\":\"%s\",\"range_end\":\"%s\"}".formatted(base64("\0"), base64("\0"));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(range)
                .timeout(Duration.ofSeconds(5))
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("etcd gave " + answer.statusCode() + ": " + answer.body());
    }
    Map<String, Long> holders = new HashMap<>();
    Matcher pairs = PAIR.matcher(answer.body());
    while (pairs.find()) {
      String key = text(pairs.group(1));
      Matcher process = PROCESS.matcher(text(pairs.group(2)));
      if (key.contains("/shards/") && process.find()) {
        holders.put(key, Long.parseLong(process.group(1)));
      }
    }
    return holders;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
