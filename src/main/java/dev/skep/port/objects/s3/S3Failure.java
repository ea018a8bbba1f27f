package dev.skep.port.objects.s3;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** A request that failed: what that means, and whether the server may have done it all the same. */
final class S3Failure extends RuntimeException {

  enum Kind {
    /** No such object or upload. */
    ABSENT,
    /** No such bucket, hence nothing is known of the object. */
    NO_BUCKET,
    /** The condition of the request is not met: the object exists. */
    EXISTS,
    /** The range lies behind the end. */
    BEHIND_THE_END,
    NO_SPACE,
    /** Not done, since there is too much to do: it may work the next time. */
    BUSY,
    /** An error of the server's own, in the middle of who knows what. */
    BROKEN,
    /** The server has never seen the request. */
    UNREACHABLE,
    /** Sent, but no answer came. */
    LOST,
    /** As {@link #LOST}, after waiting as long as is allowed. */
    TIMED_OUT,
    /** The waiting thread was interrupted, perhaps after the request was sent. */
    INTERRUPTED,
    /** Refused for another reason, which a repetition will not change. */
    REFUSED
  }

  /** The answer to HEAD has no body that could tell more. */
  private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchUpload", "NotFound", "");

  private static final Set<String> FULL =
      Set.of(
          "InsufficientStorage",
          "QuotaExceeded",
          "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "ServiceQuotaExceeded");

  private final Kind kind;
  private final String code;
  private final boolean maybeDone;

  private S3Failure(Kind kind, String code, boolean maybeDone, Throwable cause) {
    super(cause.toString(), cause, true, false); // the cause has the stack
    this.kind = kind;
    this.code = code;
    this.maybeDone = maybeDone;
  }

  private S3Failure(Kind kind, String code, RuntimeException cause) {
    this(kind, code, maybeDone(kind), cause);
  }

  static S3Failure of(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      String code = code(answer);
      return new S3Failure(kind(answer.statusCode(), code), code, e);
    }
    return new S3Failure(kind(e), "", e);
  }

  /** As the HTTP client throws it when a connection breaks while a body is sent. */
  static S3Failure of(UncheckedIOException e) {
    return new S3Failure(kind(e), "", e);
  }

  Kind kind() {
    return kind;
  }

  /** The server's own word for it; empty when it gave none. */
  String code() {
    return code;
  }

  /** Whether another try may end otherwise; {@link Kind#TIMED_OUT} only at another endpoint. */
  boolean retryable() {
    return switch (kind) {
      case BUSY, BROKEN, UNREACHABLE, LOST -> true;
      case TIMED_OUT, INTERRUPTED, ABSENT, NO_BUCKET, EXISTS, BEHIND_THE_END, NO_SPACE, REFUSED ->
          false;
    };
  }

  /** Whether the server may have done what was asked, or may do it yet. */
  boolean maybeDone() {
    return maybeDone;
  }

  /** The same failure of a request that was made before, with that end. */
  S3Failure after(@Nullable S3Failure earlier) {
    return earlier == null || !earlier.maybeDone || maybeDone
        ? this
        : new S3Failure(kind, code, true, this);
  }

  private static boolean maybeDone(Kind kind) {
    return switch (kind) {
      case BROKEN, LOST, TIMED_OUT, INTERRUPTED -> true;
      case BUSY, UNREACHABLE, ABSENT, NO_BUCKET, EXISTS, BEHIND_THE_END, NO_SPACE, REFUSED -> false;
    };
  }

  /** What the caller of a write is told whose outcome could not be found out. */
  SkepException ofWrite() {
    return maybeDone()
        ? new UnknownOutcomeException(
            "The object store did not answer, so it is not known whether the change was made", this)
        : toSkepException();
  }

  /** What a caller of the port is told. */
  SkepException toSkepException() {
    return switch (kind) {
      case NO_SPACE ->
          new SkepException(
              ErrorCode.NO_SPACE,
              "The object store is full. Delete content or enlarge the store",
              this);
      case BUSY, BROKEN, UNREACHABLE, LOST, TIMED_OUT ->
          new SkepException(ErrorCode.UNAVAILABLE, "The object store does not answer", this);
      case INTERRUPTED ->
          new SkepException(ErrorCode.UNAVAILABLE, "The request was interrupted", this);
      case REFUSED, ABSENT, NO_BUCKET, EXISTS, BEHIND_THE_END ->
          new SkepException(
              ErrorCode.UNAVAILABLE,
              "The object store refuses the request"
                  + (code.isEmpty() ? "" : " (" + code + ")")
                  + ". Check its bucket and the rights of Skep's access key",
              this);
    };
  }

  /** The cause of this type, if there is one. */
  <T extends Throwable> @Nullable T cause(Class<T> type) {
    return cause(this, type);
  }

  private static Kind kind(int status, String code) {
    if (FULL.contains(code) || status == 507) {
      return Kind.NO_SPACE;
    }
    if (code.equals("NoSuchBucket")) {
      return Kind.NO_BUCKET;
    }
    return switch (status) {
      case 404 -> ABSENT.contains(code) ? Kind.ABSENT : Kind.REFUSED;
      case 412 -> Kind.EXISTS;
      case 416 -> Kind.BEHIND_THE_END;
      // 409: on Amazon another conditional write of the key runs at this moment.
      case 409, 429, 503 -> Kind.BUSY;
      // 200: an error inside an answer that began well, while parts were put together.
      case 200, 408, 500, 502, 504 -> Kind.BROKEN;
      default -> Kind.REFUSED;
    };
  }

  private static Kind kind(RuntimeException e) {
    if (e instanceof ApiCallAttemptTimeoutException) {
      return Kind.TIMED_OUT;
    }
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      return Kind.INTERRUPTED;
    }
    SocketTimeoutException late = cause(e, SocketTimeoutException.class);
    if (late != null) {
      // The JDK has one type for both; only the latter was sent.
      return "Connect timed out".equalsIgnoreCase(late.getMessage())
          ? Kind.UNREACHABLE
          : Kind.TIMED_OUT;
    }
    boolean neverSent =
        cause(e, ConnectException.class) != null
            || cause(e, UnknownHostException.class) != null
            || cause(e, NoRouteToHostException.class) != null
            || cause(e, SSLHandshakeException.class) != null;
    if (neverSent) {
      return Kind.UNREACHABLE;
    }
    return cause(e, IOException.class) != null ? Kind.LOST : Kind.REFUSED;
  }

  private static String code(AwsServiceException answer) {
    if (answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null) {
      return "";
    }
    return answer.awsErrorDetails().errorCode();
  }

  private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
