package dev.skep.blackbox;

import java.net.http.HttpClient;
import java.time.Duration;

/** How a {@link Client} speaks to Skep; tests of content run over each. */
public enum Protocol {
  HTTP_1_1(HttpClient.Version.HTTP_1_1),

  /** Requests share a connection, each a stream of its own; only its first is upgraded. */
  HTTP_2(HttpClient.Version.HTTP_2),

  /** Each request has a connection of its own and asks to upgrade it. */
  UPGRADED(HttpClient.Version.HTTP_2);

  private final HttpClient.Version version;
  private final HttpClient shared;

  Protocol(HttpClient.Version version) {
    this.version = version;
    this.shared = fresh();
  }

  HttpClient client() {
    return this == UPGRADED ? fresh() : shared;
  }

  /** Its running requests still end. */
  void done(HttpClient client) {
    if (this == UPGRADED) {
      client.shutdown();
    }
  }

  /**
   * What an answer must have come by: a request that brings or asks for content is not upgraded.
   */
  HttpClient.Version version(boolean content) {
    return this == UPGRADED && content ? HttpClient.Version.HTTP_1_1 : version;
  }

  private HttpClient fresh() {
    return HttpClient.newBuilder()
        .version(version)
        .connectTimeout(Duration.ofSeconds(10))
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
