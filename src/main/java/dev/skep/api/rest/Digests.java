package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.files.ExpectedDigests;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the digests that a client states (RFC 9530). Of an upload without a content coding the two
 * headers mean the same. Unknown algorithms are ignored.
 */
final class Digests {

  private static final Pattern ENTRY =
      Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\\s*");
  private static final Map<String, Integer> BYTES = Map.of("sha-256", 32, "sha-512", 64);

  private Digests() {}

  static ExpectedDigests of(HttpHeaders headers) {
    Map<String, String> stated = new HashMap<>();
    for (String header : List.of("Content-Digest", "Repr-Digest")) {
      @Nullable List<String> values = headers.getRequestHeader(header);
      if (values != null && !values.isEmpty()) {
        read(header, String.join(",", values), stated);
      }
    }
    return new ExpectedDigests(stated.get("sha-256"), stated.get("sha-512"));
  }

  private static void read(String header, String value, Map<String, String> stated) {
    for (String entry : value.split(",", -1)) {
      Matcher matcher = ENTRY.matcher(entry);
      if (!matcher.matches()) {
        throw malformed(header);
      }
      String algorithm = matcher.group(1);
      if (!BYTES.containsKey(algorithm)) {
        continue;
      }
      String hex = HexFormat.of().formatHex(bytes(header, algorithm, matcher.group(2)));
      @Nullable String other = stated.put(algorithm, hex);
      if (other != null && !other.equals(hex)) {
        throw new SkepException(
            ErrorCode.BAD_DIGEST,
            header + ": two different values of " + algorithm + " are stated");
      }
    }
  }

  private static byte[] bytes(String header, String algorithm, String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length == BYTES.getOrDefault(algorithm, 0)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // told below, as a wrong length is
    }
    throw malformed(header);
  }

  private static SkepException malformed(String header) {
    return SkepException.field(header, "must be written as sha-256=:BASE64: (RFC 9530)");
  }
}
