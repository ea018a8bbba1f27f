package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;

/** A request that is being put together. */
public final class Request {

  private final Protocol protocol;
  private final String method;
  private final String path;
  private final HttpRequest.Builder builder;
  private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();

  Request(Protocol protocol, URI base, String method, String path) {
    this.protocol = protocol;
    this.method = method;
    this.path = path;
    this.builder = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(120));
  }

  public Request header(String name, String value) {
    builder.setHeader(name, value);
    return this;
  }

  public Request ifMatch(String etag) {
    return header("If-Match", etag);
  }

  public Request ifNoneMatch(String etag) {
    return header("If-None-Match", etag);
  }

  public Request range(String range) {
    return header("Range", range);
  }

  /**
   * @param json as text, in which single quotes stand for double ones
   */
  public Request json(String json) {
    return type("application/json").text(json.replace('\'', '"'));
  }

  public Request type(String mediaType) {
    return header("Content-Type", mediaType);
  }

  /** As it is. */
  public Request text(String text) {
    body = HttpRequest.BodyPublishers.ofString(text);
    return this;
  }

  public Request bytes(byte[] content) {
    body = HttpRequest.BodyPublishers.ofByteArray(content);
    return this;
  }

  /** Content of a length that is not announced. */
  public Request chunked(Supplier<InputStream> content) {
    body = HttpRequest.BodyPublishers.ofInputStream(content);
    return this;
  }

  public Answer send() {
    HttpResponse<byte[]> response = send(HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(
        method + " " + path, response.statusCode(), response.headers(), response.body());
  }

  private boolean isOfContent() {
    return path.startsWith("/api/v1/files/") || path.split("\\?", 2)[0].endsWith("/content");
  }

  /** Without keeping the body in memory. */
  public <T> HttpResponse<T> send(HttpResponse.BodyHandler<T> handler) {
    HttpClient http = protocol.client();
    try {
      HttpResponse<T> response = http.send(builder.method(method, body).build(), handler);
      assertThat(response.version())
          .as(path)
          .isEqualTo(protocol.version(body.contentLength() != 0 || isOfContent()));
      Observations.record(method, path, response.statusCode());
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      protocol.done(http);
    }
  }
}
