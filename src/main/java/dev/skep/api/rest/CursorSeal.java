package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.identity.Bootstrap;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the cursors of pages (AES-256-GCM): a position may name what the caller may not see, so
 * nobody can read one, make one or use another person's. The key lies in {@code sql}, so that every
 * replica reads the cursors of every other, also after a restart; it is read once.
 */
@Singleton
public class CursorSeal {

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Supplier<byte[]> source;
  private final SecureRandom random = new SecureRandom();
  private volatile @Nullable SecretKeySpec key;

  @Inject
  public CursorSeal(Bootstrap bootstrap) {
    this(bootstrap::cursorKey);
  }

  CursorSeal(Supplier<byte[]> source) {
    this.source = source;
  }

  /** A cursor that only {@link #open} reads, and only for this person. */
  String seal(Caller caller, String cursor) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = cursor.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, caller, nonce).doFinal(text);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What was sealed.
   *
   * @throws SkepException {@code bad-cursor} for one of another person, a damaged and a forged one
   */
  String open(Caller caller, String sealed) {
    try {
      byte[] whole = Base64.getUrlDecoder().decode(sealed);
      if (whole.length < NONCE_BYTES) {
        throw refused(null);
      }
      byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, caller, nonce)
              .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
      return new String(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw refused(e);
    }
  }

  private Cipher cipher(int mode, Caller caller, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(caller.accountId().toString().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private SecretKeySpec key() {
    SecretKeySpec known = key;
    if (known == null) {
      // Read twice at worst: it never changes.
      known = new SecretKeySpec(source.get(), "AES");
      key = known;
    }
    return known;
  }

  private static SkepException refused(@Nullable Throwable cause) {
    return new SkepException(
        ErrorCode.BAD_CURSOR,
        "cursor: damaged, or another person's. Send the nextCursor of the page before",
        cause);
  }
}
