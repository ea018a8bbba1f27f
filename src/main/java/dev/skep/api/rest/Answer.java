package dev.skep.api.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The answers that many resources give. */
final class Answer {

  private Answer() {}

  /** 200, or 304 where the client already has this revision. */
  static Response of(HttpHeaders headers, long revision, Object body) {
    String tag = Long.toString(revision);
    if (Preconditions.notModified(headers, tag)) {
      return Response.notModified().header(HttpHeaders.ETAG, Preconditions.quote(tag)).build();
    }
    return ok(revision, body);
  }

  /** 200 with the whole resource. */
  static Response ok(long revision, Object body) {
    return Response.ok(body).header(HttpHeaders.ETAG, Preconditions.quote(revision)).build();
  }

  /** 201 with the whole resource and its place. */
  static Response created(String location, @Nullable Long revision, Object body) {
    Response.ResponseBuilder response = Response.created(URI.create(location)).entity(body);
    if (revision != null) {
      response.header(HttpHeaders.ETAG, Preconditions.quote(revision));
    }
    return response.build();
  }
}
