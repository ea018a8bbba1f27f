package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** 416 tells the size, so that the client can ask again (RFC 9110 section 15.5.17). */
public class RangeProblem {

  private final CurrentCaller current;

  public RangeProblem(CurrentCaller current) {
    this.current = current;
  }

  @ServerExceptionMapper
  public Response of(ByteRange.RangeNotSatisfiable error) {
    return Response.fromResponse(Problem.response(error, current.requestId()))
        .header("Content-Range", error.contentRange())
        .header("Accept-Ranges", "bytes")
        .build();
  }
}
