package dev.skep.domain.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Tells at once whether a kept hash was made of a generated password, where checking it would cost
 * each start a tenth of a second: its salt is taken from the password. A salt that tells something
 * of the password is harmless only because nobody can search 144 random bits.
 */
final class GeneratedPassword {

  private GeneratedPassword() {}

  static byte[] salt(String password) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("skep generated password\0" + password).getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, Argon2.SALT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean madeBy(String password, @Nullable String phc) {
    String salt = Base64.getEncoder().withoutPadding().encodeToString(salt(password));
    return phc != null && phc.contains("$" + salt + "$");
  }
}
