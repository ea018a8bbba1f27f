package dev.skep.api.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The strong validator of a resource's JSON (RFC 9110 section 8.8.1): {@code REVISION.DIGEST}. The
 * digest changes with all that the JSON shows, also with what is not the resource's own, such as
 * the path after a rename above it; a write compares the revision alone, which is what can be lost.
 */
final class RepresentationTag {

  private static final int DIGEST_BYTES = 8;

  private RepresentationTag() {}

  /**
   * @param body a record, whose text names all its fields
   */
  static String of(long revision, Record body) {
    byte[] digest = sha256().digest(body.toString().getBytes(StandardCharsets.UTF_8));
    return revision + "." + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
  }

  /** The revision in such a tag; another tag as it is. */
  static String revision(String tag) {
    int dot = tag.indexOf('.');
    return dot < 0 ? tag : tag.substring(0, dot);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
