package dev.skep.common;

import java.text.Normalizer;
import java.util.Optional;

/**
 * Unicode's normal form C, of short texts alone: sorting a long run of combining marks takes time
 * that grows with its square, so the length is looked at first.
 */
public final class Nfc {

  /**
   * No text is more than this many times as long as its normal form: three jamo are one syllable.
   */
  private static final int SHRINKS = 3;

  private Nfc() {}

  /**
   * The normal form; empty when it has more than {@code maxBytes} of UTF-8, or when the text holds
   * half of a surrogate pair. Costs no more than {@code maxBytes} allow, however long the text is.
   */
  public static Optional<String> of(String text, int maxBytes) {
    long bytes = Utf8.length(text);
    if (bytes == Utf8.INVALID || bytes > (long) SHRINKS * maxBytes) {
      return Optional.empty();
    }
    String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
    return Utf8.length(normal) > maxBytes ? Optional.empty() : Optional.of(normal);
  }
}
