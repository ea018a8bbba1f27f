package dev.skep.api.rest;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.skep.api.security.CurrentCaller;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns every exception into a problem document. */
public class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  private final CurrentCaller current;
  private final FailureLog failures;

  public Problems(CurrentCaller current, FailureLog failures) {
    this.current = current;
    this.failures = failures;
  }

  @ServerExceptionMapper
  public Response of(SkepException error) {
    if (error.code().category() == ErrorCode.Category.INTERNAL) {
      failures.failed(current.requestId(), error);
    }
    return Problem.response(error, current.requestId());
  }

  @ServerExceptionMapper
  public Response of(WebApplicationException error) {
    @Nullable SkepException json = json(error.getCause());
    if (json != null) {
      return of(json);
    }
    Response response = error.getResponse();
    int status = response.getStatus();
    return status < 400
        ? response
        : Problem.response(new SkepException(code(status), detail(status)), current.requestId());
  }

  @ServerExceptionMapper
  public Response of(JsonProcessingException error) {
    @Nullable SkepException problem = json(error);
    return of(problem == null ? malformed() : problem);
  }

  /** Quarkus has a mapper of its own for these, which answers without a document. */
  @ServerExceptionMapper
  public Response of(MismatchedInputException error) {
    return of((JsonProcessingException) error);
  }

  /**
   * The connection broke off: what fails in a store comes as a {@link SkepException}. Not worth a
   * line in the log; there is nobody to answer either.
   */
  @ServerExceptionMapper
  public Response of(IOException error) {
    LOG.debugf(error, "request %s: the client has gone", current.requestId());
    return Problem.response(
        new SkepException(ErrorCode.INCOMPLETE, "The connection broke off"), current.requestId());
  }

  @ServerExceptionMapper
  public Response of(Throwable error) {
    failures.failed(current.requestId(), error);
    return Problem.response(
        new SkepException(
            ErrorCode.INTERNAL,
            "Skep could not do this. The log of this replica tells more under the request's id"),
        current.requestId());
  }

  private static @Nullable SkepException json(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          SkepException.field(
              pointer(unknown),
              "unknown field; known are "
                  + unknown.getKnownPropertyIds().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", ")));
      case JsonMappingException mapping when mapping.getCause() instanceof SkepException own -> own;
      case JsonParseException ignored -> malformed();
      case JsonMappingException mapping ->
          SkepException.field(pointer(mapping), "does not hold what it should");
      case JsonProcessingException ignored -> malformed();
      case null, default -> null;
    };
  }

  private static SkepException malformed() {
    return new SkepException(
        ErrorCode.MALFORMED,
        "The body is not valid JSON, is nested too deeply or has too many parts. Send one JSON object in UTF-8");
  }

  private static String pointer(JsonMappingException error) {
    return error.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
      case 406 -> ErrorCode.NOT_ACCEPTABLE;
      case 413 -> ErrorCode.TOO_LARGE;
      case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
      default -> status < 500 ? ErrorCode.MALFORMED : ErrorCode.INTERNAL;
    };
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "There is no such resource; docs/openapi.yaml and /q/openapi list all";
      case 405 ->
          "The resource is there, but not for this method; docs/openapi.yaml lists which it knows";
      case 406 -> "Ask for application/json";
      case 413 -> "The body is larger than allowed here";
      case 415 -> "Send the body as application/json, a patch as application/merge-patch+json";
      default -> "The request cannot be understood";
    };
  }
}
