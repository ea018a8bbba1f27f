package dev.skep.domain.duty;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;

/**
 * Whoever writes does not hold the duty any more: his lease ended, or a newer holder has written.
 * Nothing was changed.
 */
public final class StaleHolderException extends SkepException {

  StaleHolderException(String duty) {
    super(ErrorCode.LOCKED, "The duty " + duty + " has a newer holder");
  }
}
