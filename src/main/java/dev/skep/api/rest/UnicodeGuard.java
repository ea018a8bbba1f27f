package dev.skep.api.rest;

import dev.skep.common.SkepException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Refuses JSON whose text cannot be written as UTF-8 (RFC 8259 section 8): halves of surrogate
 * pairs, escaped or not, which would be stored or hashed as question marks; and UTF-16, in which
 * the parser would look for none.
 */
final class UnicodeGuard {

  private static final String ESCAPE = "\\u";
  private static final int ESCAPE_LENGTH = 6;

  private UnicodeGuard() {}

  /** Looks at each byte once; what is no JSON is left to the parser. */
  static void check(byte[] json) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      if (text.indexOf('\0') >= 0 || !isPaired(text)) {
        throw refused();
      }
    } catch (CharacterCodingException e) {
      throw refused();
    }
  }

  private static boolean isPaired(String json) {
    int at = json.indexOf('\\');
    while (at >= 0) {
      int unit = unit(json, at);
      if (unit < 0) {
        at += 2; // another escape; the backslash of \\ begins none
      } else if (!Character.isSurrogate((char) unit)) {
        at += ESCAPE_LENGTH;
      } else {
        int low = unit(json, at + ESCAPE_LENGTH);
        if (low < 0 || !Character.isSurrogatePair((char) unit, (char) low)) {
          return false;
        }
        at += 2 * ESCAPE_LENGTH;
      }
      at = json.indexOf('\\', at);
    }
    return true;
  }

  /** What stands escaped here, or −1. */
  private static int unit(String json, int at) {
    if (!json.startsWith(ESCAPE, at) || at + ESCAPE_LENGTH > json.length()) {
      return -1;
    }
    int unit = 0;
    for (int next = at + ESCAPE.length(); next < at + ESCAPE_LENGTH; next++) {
      int digit = Character.digit(json.charAt(next), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private static SkepException refused() {
    return SkepException.field(
        "",
        "is not valid UTF-8, or a text in it holds half of a surrogate pair (\\ud800 to \\udfff)");
  }
}
