package dev.skep.common;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * An opaque position in a listing, bound to its query by a digest so that it cannot be used for
 * another.
 */
final class Cursor {

  private static final int DIGEST_BYTES = 8;

  private Cursor() {}

  static String encode(String query, String position) {
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(DIGEST_BYTES + text.length).put(digest(query)).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String decode(String query, String cursor) {
    byte[] bytes = bytes(cursor);
    if (bytes.length < DIGEST_BYTES
        || !Arrays.equals(digest(query), 0, DIGEST_BYTES, bytes, 0, DIGEST_BYTES)) {
      throw wrong();
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong();
    }
  }

  private static byte[] bytes(String cursor) {
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw wrong();
    }
  }

  private static byte[] digest(String query) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(all, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SkepException wrong() {
    return new SkepException(
        ErrorCode.BAD_CURSOR,
        "cursor: made by another query or damaged. Send the nextCursor of the page before, with the same parameters");
  }
}
