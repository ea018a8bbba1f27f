package dev.skep.common;

import org.jspecify.annotations.Nullable;

/**
 * A write was sent and its answer was lost: it may or may not have happened. Callers never guess;
 * they read the state again, or repeat what is safe to repeat.
 */
public final class UnknownOutcomeException extends SkepException {

  public UnknownOutcomeException(String detail, @Nullable Throwable cause) {
    super(ErrorCode.UNKNOWN_OUTCOME, detail, cause);
  }
}
