package dev.skep.common;

/**
 * Every error that Skep can answer with. The {@link #code()} is stable and part of the API; each
 * protocol maps the {@link #category()} to its own status.
 */
public enum ErrorCode {
  MALFORMED(Category.BAD_REQUEST, "The request is malformed", false),
  BAD_PATH(Category.BAD_REQUEST, "The path is not valid", false),
  BAD_NAME(Category.BAD_REQUEST, "The name is not valid", false),
  BAD_CURSOR(Category.BAD_REQUEST, "The cursor does not belong to this query", false),
  BAD_DIGEST(Category.BAD_REQUEST, "The content does not have the stated digest", false),
  INCOMPLETE(Category.BAD_REQUEST, "The upload ended before its announced length", true),
  UNAUTHENTICATED(Category.UNAUTHENTICATED, "Log-in is needed", false),
  FORBIDDEN(Category.FORBIDDEN, "Not allowed", false),
  NOT_FOUND(Category.NOT_FOUND, "Not found", false),
  METHOD_NOT_ALLOWED(Category.METHOD_NOT_ALLOWED, "Method not allowed here", false),
  NOT_ACCEPTABLE(Category.NOT_ACCEPTABLE, "No acceptable representation", false),
  NAME_TAKEN(Category.CONFLICT, "The name is taken", false),
  IS_A_FOLDER(Category.CONFLICT, "It is a folder", false),
  IS_A_FILE(Category.CONFLICT, "It is a file", false),
  INTO_ITSELF(Category.CONFLICT, "A folder cannot be moved or copied into itself", false),
  NOT_EMPTY(Category.CONFLICT, "It is not empty", false),
  LAST_ADMIN(Category.CONFLICT, "The last administrator must stay", false),
  GROUP_CYCLE(Category.CONFLICT, "A group cannot contain itself", false),
  PARENT_GONE(Category.CONFLICT, "The old place is gone", false),
  CURRENT_VERSION(Category.CONFLICT, "The current version cannot be deleted", false),
  TOO_DEEP(Category.CONFLICT, "The tree would become too deep", false),
  BLOB_GONE(Category.CONFLICT, "The content was collected before it was named", true),
  IN_PROGRESS(Category.CONFLICT, "The first request with this key is still running", true),
  GONE(Category.GONE, "It has expired", false),
  PRECONDITION_FAILED(Category.PRECONDITION_FAILED, "The resource has changed", false),
  TOO_LARGE(Category.TOO_LARGE, "The request is too large", false),
  ADDRESS_TOO_LONG(Category.ADDRESS_TOO_LONG, "The address is too long", false),
  HEADERS_TOO_LARGE(Category.HEADERS_TOO_LARGE, "The headers are too large", false),
  UNSUPPORTED_MEDIA_TYPE(Category.UNSUPPORTED_MEDIA_TYPE, "The media type is not supported", false),
  RANGE_NOT_SATISFIABLE(Category.RANGE_NOT_SATISFIABLE, "The range cannot be met", false),
  KEY_REUSED(Category.UNPROCESSABLE, "The Idempotency-Key was used for another request", false),
  LOCKED(Category.LOCKED, "It is locked", true),
  TOO_MANY_REQUESTS(Category.TOO_MANY_REQUESTS, "Too many requests", true),
  BUSY(Category.UNAVAILABLE, "Too much is running at this moment", true),
  UNAVAILABLE(Category.UNAVAILABLE, "A store is not available", true),
  UNKNOWN_OUTCOME(Category.UNAVAILABLE, "It is not known whether the change was made", true),
  QUOTA_EXCEEDED(Category.INSUFFICIENT_STORAGE, "The quota is used up", false),
  NO_SPACE(Category.INSUFFICIENT_STORAGE, "The disk is full", false),
  NOT_AVAILABLE(Category.NOT_IMPLEMENTED, "Not available yet", false),
  CORRUPT(Category.INTERNAL, "Stored data is damaged", false),
  INTERNAL(Category.INTERNAL, "Something went wrong in Skep", false);

  /** What kind of error it is; each protocol has one status for each. */
  public enum Category {
    BAD_REQUEST,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    CONFLICT,
    GONE,
    PRECONDITION_FAILED,
    TOO_LARGE,
    ADDRESS_TOO_LONG,
    HEADERS_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    RANGE_NOT_SATISFIABLE,
    UNPROCESSABLE,
    LOCKED,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    INSUFFICIENT_STORAGE,
    NOT_IMPLEMENTED,
    INTERNAL
  }

  private final Category category;
  private final String title;
  private final boolean retryable;

  ErrorCode(Category category, String title, boolean retryable) {
    this.category = category;
    this.title = title;
    this.retryable = retryable;
  }

  /** The stable word of the API: {@code name-taken}. */
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  public Category category() {
    return category;
  }

  public String title() {
    return title;
  }

  /** Whether the same request may succeed later, unchanged. */
  public boolean retryable() {
    return retryable;
  }
}
