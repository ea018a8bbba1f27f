package dev.skep.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Somebody who asks Skep over HTTP. Paths are those below {@code /api/v1}, written as they are to
 * be sent; those that begin with {@code /q/} and {@code /api/} are whole. Each answer is recorded
 * in {@link Observations}.
 */
public final class Client {

  private final Skep skep;
  private final String user;
  private final String secret;
  private final Protocol protocol;

  Client(Skep skep, String user, String secret) {
    this(skep, user, secret, Protocol.HTTP_1_1);
  }

  private Client(Skep skep, String user, String secret, Protocol protocol) {
    this.skep = skep;
    this.user = user;
    this.secret = secret;
    this.protocol = protocol;
  }

  /** The same person by another protocol. */
  public Client over(Protocol other) {
    Client client = new Client(skep, user, secret, other);
    // A first request without a body: it upgrades the connection for all that follow.
    client.get("/q/health/live").is(200);
    return client;
  }

  public String user() {
    return user;
  }

  public String secret() {
    return secret;
  }

  public Skep skep() {
    return skep;
  }

  /** The value of Authorization that names this client; absent for nobody. */
  public String authorization() {
    return secret == null ? null : "Basic " + basic(user, secret);
  }

  static String basic(String user, String secret) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  public Request request(String method, String path) {
    Request request = new Request(protocol, skep.base(), method, whole(path));
    return secret == null ? request : request.header("Authorization", authorization());
  }

  static String whole(String path) {
    return path.startsWith("/q/") || path.startsWith("/api/") || path.equals("/")
        ? path
        : "/api/v1" + path;
  }

  public Answer get(String path) {
    return request("GET", path).send();
  }

  /** All items of a list, on as many pages as it takes. */
  public List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    Answer page = get(path).is(200);
    page.json().path("items").forEach(items::add);
    while (page.json().has("nextCursor")) {
      page = get(path + "&cursor=" + page.text("nextCursor")).is(200);
      page.json().path("items").forEach(items::add);
    }
    return items;
  }

  /** All that is in a folder. */
  public List<JsonNode> children(String folder) {
    return items("/nodes/" + folder + "/children?limit=1000");
  }

  /** The names of all that is in a folder. */
  public List<String> names(String folder) {
    return children(folder).stream().map(child -> child.path("name").asText()).toList();
  }

  public Answer head(String path) {
    return request("HEAD", path).send();
  }

  public Answer delete(String path) {
    return request("DELETE", path).send();
  }

  public Answer post(String path) {
    return request("POST", path).send();
  }

  /**
   * @param json as text, in which single quotes stand for double ones
   */
  public Answer post(String path, String json) {
    return request("POST", path).json(json).send();
  }

  public Answer patch(String path, String json) {
    return request("PATCH", path).json(json).send();
  }

  public Answer putJson(String path, String json) {
    return request("PUT", path).json(json).send();
  }

  /** Content. */
  public Answer put(String path, String content) {
    return put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Content. */
  public Answer put(String path, byte[] content) {
    return request("PUT", path).bytes(content).send();
  }
}
