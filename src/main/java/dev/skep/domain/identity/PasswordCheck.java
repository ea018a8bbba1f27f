package dev.skep.domain.identity;

import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Checks a password as a log-in does: throttled, and in the same time whoever it is. */
@Singleton
class PasswordCheck {

  private final Passwords passwords;
  private final LogInThrottle throttle;

  PasswordCheck(Passwords passwords, LogInThrottle throttle) {
    this.passwords = passwords;
    this.throttle = throttle;
  }

  /**
   * Whether this is the user's password.
   *
   * @param phc what is kept of it; absent where there is no such user or he has none
   * @throws SkepException {@code too-many-requests}
   */
  boolean right(String userName, String password, @Nullable String phc, String clientAddress) {
    throttle.pace(userName, clientAddress);
    return passwords.run(
        () -> {
          // Again when it has its turn: those that waited before it may have failed meanwhile.
          throttle.check(userName, clientAddress);
          boolean right = passwords.matches(password, phc);
          if (right) {
            throttle.succeeded(userName, clientAddress);
          } else {
            throttle.failed(userName, clientAddress);
          }
          return right;
        });
  }
}
