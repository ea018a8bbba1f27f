package dev.skep.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** An error as clients see it (RFC 9457). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    String requestId,
    List<SkepException.Field> errors) {

  public static final String MEDIA_TYPE = "application/problem+json";

  static Response response(SkepException error, String requestId) {
    Response.ResponseBuilder response =
        Response.status(status(error.code()))
            .type(MediaType.valueOf(MEDIA_TYPE))
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .entity(of(error, requestId));
    if (error.retryAfter() != null) {
      response.header(HttpHeaders.RETRY_AFTER, Math.max(1, error.retryAfter().toSeconds()));
    } else if (status(error.code()) == 503 || status(error.code()) == 429) {
      response.header(HttpHeaders.RETRY_AFTER, 5);
    }
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      response
          .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Skep\"")
          .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Skep\", charset=\"UTF-8\"");
    }
    return response.build();
  }

  static Problem of(SkepException error, String requestId) {
    ErrorCode code = error.code();
    return new Problem(
        "urn:skep:problem:" + code.code(),
        code.title(),
        status(code),
        code.code(),
        error.detail(),
        requestId,
        error.fields());
  }

  static int status(ErrorCode code) {
    return switch (code.category()) {
      case BAD_REQUEST -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case NOT_ACCEPTABLE -> 406;
      case CONFLICT -> 409;
      case GONE -> 410;
      case PRECONDITION_FAILED -> 412;
      case TOO_LARGE -> 413;
      case ADDRESS_TOO_LONG -> 414;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case RANGE_NOT_SATISFIABLE -> 416;
      case UNPROCESSABLE -> 422;
      case LOCKED -> 423;
      case TOO_MANY_REQUESTS -> 429;
      case HEADERS_TOO_LARGE -> 431;
      case INTERNAL -> 500;
      case NOT_IMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case INSUFFICIENT_STORAGE -> 507;
    };
  }
}
