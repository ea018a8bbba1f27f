package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A request, to be sent to any replica, and again to another.
 *
 * @param path below {@code /api/v1}
 */
record Call(String method, String path, Map<String, String> headers, byte[] body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Call of(String method, String path) {
    return new Call(method, path, Map.of(), new byte[0]);
  }

  static Call get(String path) {
    return of("GET", path);
  }

  /** With an Idempotency-Key of its own, so that however often it is sent, it happens once. */
  static Call post(String path, Map<String, ?> body) {
    return of("POST", path).json(body).with("Idempotency-Key", UUID.randomUUID().toString());
  }

  Call json(Map<String, ?> fields) {
    try {
      return with("Content-Type", "application/json").bytes(JSON.writeValueAsBytes(fields));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Call bytes(byte[] content) {
    return new Call(method, path, headers, content);
  }

  Call with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Call(method, path, more, body);
  }

  Call ifMatch(String tag) {
    return with("If-Match", "\"" + tag + "\"");
  }

  Call ifMatch(long revision) {
    return ifMatch(Long.toString(revision));
  }

  /**
   * Whether it has no effect once it was acknowledged, however often it comes again, or once
   * anything else has changed what it changes.
   */
  boolean hasCondition() {
    return headers.containsKey("If-Match");
  }

  boolean hasKey() {
    return headers.containsKey("Idempotency-Key");
  }

  HttpRequest to(URI base, String authorization, Duration patience) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .timeout(patience)
            .header("Authorization", authorization)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return request.build();
  }

  @Override
  public String toString() {
    String json = "application/json".equals(headers.get("Content-Type")) ? " " + text() : "";
    return method + " " + path + " " + headers + json;
  }

  private String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
