package dev.skep.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.api.security.RequestIds;
import dev.skep.common.SkepException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;

/** Answers a request that no resource gets to see with a problem document. */
@Singleton
public class Refusals {

  private static final String RETRY_AFTER_SECONDS = "5";

  private final RequestIds requestIds;
  private final ObjectMapper json;

  public Refusals(RequestIds requestIds, ObjectMapper json) {
    this.requestIds = requestIds;
    this.json = json;
  }

  void answer(HttpServerRequest request, SkepException problem) {
    String id = requestIds.of(request.getHeader(RequestIds.HEADER));
    int status = Problem.status(problem.code());
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader(RequestIds.HEADER, id);
    if (status == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    try {
      response.end(json.writeValueAsString(Problem.of(problem, id)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
