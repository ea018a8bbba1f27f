package dev.skep.blackbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256, as JSON and as Repr-Digest (RFC 9530) write it. */
public final class Digests {

  private Digests() {}

  public static String hex(String content) {
    return hex(content.getBytes(StandardCharsets.UTF_8));
  }

  public static String hex(byte[] content) {
    return HexFormat.of().formatHex(sha256(content));
  }

  public static String header(byte[] content) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(sha256(content)) + ":";
  }

  public static String header(String content) {
    return header(content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
