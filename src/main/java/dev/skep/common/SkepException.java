package dev.skep.common;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses layers: a stable {@link ErrorCode} and a detail that says what is
 * wrong, where, and what to do. The detail is shown to clients, so it never holds a secret, a host
 * or a file-system path.
 */
public class SkepException extends RuntimeException {

  /**
   * One wrong field of a request; {@code pointer} is a JSON pointer (RFC 6901) or a parameter's
   * name.
   */
  public record Field(String pointer, String detail) {}

  private final ErrorCode code;
  private final String detail;
  private final List<Field> fields;
  private final @Nullable Duration retryAfter;

  public SkepException(ErrorCode code, String detail) {
    this(code, detail, List.of(), null, null);
  }

  public SkepException(ErrorCode code, String detail, @Nullable Throwable cause) {
    this(code, detail, List.of(), null, cause);
  }

  public SkepException(
      ErrorCode code,
      String detail,
      List<Field> fields,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(detail, cause);
    this.code = code;
    this.detail = detail;
    this.fields = List.copyOf(fields);
    this.retryAfter = retryAfter;
  }

  /** A field of the request that does not hold what it should. */
  public static SkepException field(String pointer, String detail) {
    return new SkepException(
        ErrorCode.MALFORMED,
        pointer + ": " + detail,
        List.of(new Field(pointer, detail)),
        null,
        null);
  }

  /** To be tried again after a while. */
  public static SkepException retry(ErrorCode code, String detail, Duration after) {
    return new SkepException(code, detail, List.of(), after, null);
  }

  public ErrorCode code() {
    return code;
  }

  public String detail() {
    return detail;
  }

  public List<Field> fields() {
    return fields;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
