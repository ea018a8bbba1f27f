package dev.skep.api.rest;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens the bodies of uploads; each is closed by who opened it. */
@Singleton
public class RequestBodies {

  private final Duration patience;
  private final RequestPermits permits;

  public RequestBodies(
      @ConfigProperty(name = "quarkus.http.read-timeout") Duration patience,
      RequestPermits permits) {
    this.patience = patience;
    this.permits = permits;
  }

  /** A body of any length, at whose end the request takes its turn. */
  InputStream open(HttpServerRequest request) {
    return new BodyBeforeTurn(
        new RequestBody(request, ContentRequest.length(request), Pace.steady(patience)),
        () -> permits.takeTurn(request.method().name()));
  }

  /**
   * A body that must have come within this time.
   *
   * @param all how long it may take
   */
  InputStream openShort(HttpServerRequest request, Duration all) {
    return new RequestBody(request, ContentRequest.length(request), Pace.within(all));
  }
}
