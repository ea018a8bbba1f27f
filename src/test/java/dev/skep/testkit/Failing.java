package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** That a call fails, and with which code. */
public final class Failing {

  private Failing() {}

  public static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  public static void assertUnavailable(ThrowingCallable call) {
    assertFails(ErrorCode.UNAVAILABLE, call);
  }
}
