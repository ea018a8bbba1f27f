package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Digests that a content must have.
 *
 * @param sha256 hex; absent: not said
 * @param sha512 hex; absent: not said
 */
public record ExpectedDigests(@Nullable String sha256, @Nullable String sha512) {

  public static final ExpectedDigests NONE = new ExpectedDigests(null, null);

  /** A body whose digests are known when it was read. */
  Checked check(InputStream body) {
    return sha512 == null
        ? new Checked(body, null)
        : new Checked(new DigestInputStream(body, algorithm()), sha512);
  }

  final class Checked {

    private final InputStream body;
    private final @Nullable String wanted512;

    private Checked(InputStream body, @Nullable String wanted512) {
      this.body = body;
      this.wanted512 = wanted512;
    }

    InputStream body() {
      return body;
    }

    /**
     * To be called when the body was read to its end.
     *
     * @throws SkepException {@code bad-digest}
     */
    void verify(String actual256) {
      if (sha256 != null && !sha256.equals(actual256)) {
        throw wrong("sha-256", actual256);
      }
      if (wanted512 != null && body instanceof DigestInputStream digesting) {
        String actual512 = HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        if (!wanted512.equals(actual512)) {
          throw wrong("sha-512", actual512);
        }
      }
    }
  }

  private static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SkepException wrong(String algorithm, String actual) {
    return new SkepException(
        ErrorCode.BAD_DIGEST,
        "What arrived has the "
            + algorithm
            + " "
            + actual
            + ", not the stated one; nothing was stored. Send it again");
  }
}
