package dev.skep.api.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The answers that many resources give. */
final class Answer {

  private Answer() {}

  /** 200, or 304 where the client already has this very representation. */
  static Response of(HttpHeaders headers, long revision, Record body) {
    String tag = RepresentationTag.of(revision, body);
    if (Preconditions.notModified(headers, tag)) {
      return Response.notModified().header(HttpHeaders.ETAG, Preconditions.quote(tag)).build();
    }
    return ok(tag, body);
  }

  /** 200 with the whole resource. */
  static Response ok(long revision, Record body) {
    return ok(RepresentationTag.of(revision, body), body);
  }

  private static Response ok(String tag, Record body) {
    return Response.ok(body).header(HttpHeaders.ETAG, Preconditions.quote(tag)).build();
  }

  /** 201 with the whole resource and its place. */
  static Response created(String location, @Nullable Long revision, Record body) {
    Response.ResponseBuilder response = Response.created(URI.create(location)).entity(body);
    if (revision != null) {
      String tag = RepresentationTag.of(revision, body);
      response.header(HttpHeaders.ETAG, Preconditions.quote(tag));
    }
    return response.build();
  }
}
