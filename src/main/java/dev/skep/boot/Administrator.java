package dev.skep.boot;

import java.util.Optional;

/**
 * Lets the person who started Skep on one machine sign in. Asked once at each start with the
 * embedded {@code sql}, after the parts have started.
 */
interface Administrator {

  /**
   * Makes the administrator if no user exists, and a session of 24 h in place of the one that the
   * start before made.
   *
   * @param configured the password to give an administrator made now, instead of a generated one
   * @param kept the generated password that an earlier start has written down
   * @return empty when no administrator can log in
   */
  Optional<SignIn> signIn(Optional<String> configured, Optional<String> kept);

  /**
   * How to sign in.
   *
   * @param secret of the session
   * @param password the generated password, generated now or kept, while it still is the user's
   */
  record SignIn(String user, String secret, Optional<String> password) {

    /** Without the secrets, so that no log ever holds them. */
    @Override
    public String toString() {
      return "SignIn[user=" + user + "]";
    }
  }
}
