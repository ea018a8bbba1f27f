package dev.skep.common;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An opaque position in a listing, with a digest of it and its query, so that it cannot be used for
 * another and a damaged one is noticed. The digest has no secret; the API seals what leaves it.
 */
final class Cursor {

  static final int DIGEST_BYTES = 8;

  private Cursor() {}

  static String encode(String query, String position) {
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(DIGEST_BYTES + text.length).put(digest(query, text)).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String decode(String query, String cursor) {
    byte[] bytes = bytes(cursor);
    if (bytes.length < DIGEST_BYTES) {
      throw wrong(null);
    }
    byte[] text = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
    if (!Arrays.equals(digest(query, text), Arrays.copyOf(bytes, DIGEST_BYTES))) {
      throw wrong(null);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw wrong(e);
    }
  }

  private static byte[] bytes(String cursor) {
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private static byte[] digest(String query, byte[] position) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] text = query.getBytes(StandardCharsets.UTF_8);
      // The length keeps a query's end apart from the position's beginning.
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, text.length));
      digest.update(text);
      return Arrays.copyOf(digest.digest(position), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static SkepException wrong(@Nullable Throwable cause) {
    return new SkepException(
        ErrorCode.BAD_CURSOR,
        "cursor: made by another query or damaged. Send the nextCursor of the page before, with the same parameters",
        cause);
  }
}
