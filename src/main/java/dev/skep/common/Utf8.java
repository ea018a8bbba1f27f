package dev.skep.common;

/** How long texts are in UTF-8, told without encoding them: ports check every text they pass. */
public final class Utf8 {

  /** Of a text that is no valid Unicode: it has half of a surrogate pair. */
  public static final long INVALID = -1;

  private Utf8() {}

  /** In bytes, or {@link #INVALID}. */
  public static long length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        return INVALID;
      }
    }
    return bytes;
  }
}
