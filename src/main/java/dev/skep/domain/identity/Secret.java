package dev.skep.domain.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The secret of a session or access token: 256 random bits, as 43 characters of base64url. Only its
 * SHA-256 is kept; it needs no salt, as nobody can guess 256 bits.
 */
record Secret(String text) {

  private static final int BYTES = 32;
  private static final int CHARACTERS = 43;

  static Secret random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** What a client sent, if it can be a secret at all. */
  static Optional<Secret> sent(String text) {
    return text.length() == CHARACTERS ? Optional.of(new Secret(text)) : Optional.empty();
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never the secret: a record's own text would show it in logs. */
  @Override
  public String toString() {
    return "Secret";
  }
}
