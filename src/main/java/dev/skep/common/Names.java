package dev.skep.common;

/** The rules for the name of a file or folder (DESIGN section 5). */
public final class Names {

  public static final int MAX_BYTES = 255;
  public static final int MAX_PATH_BYTES = 4096;
  public static final int MAX_DEPTH = 128;

  private Names() {}

  /**
   * The name as it is stored: normalised to NFC.
   *
   * @throws SkepException {@code bad-name} for an empty name, {@code .}, {@code ..}, a slash, a
   *     NUL, an unpaired surrogate or more than 255 bytes of UTF-8
   */
  public static String normalise(String raw) {
    if (raw.isEmpty() || raw.equals(".") || raw.equals("..")) {
      throw bad("a name cannot be empty, \".\" or \"..\"");
    }
    if (raw.indexOf('/') >= 0 || raw.indexOf('\0') >= 0) {
      throw bad("a name cannot hold a slash or a NUL");
    }
    if (Utf8.length(raw) == Utf8.INVALID) {
      throw bad("the name is not valid Unicode");
    }
    return Nfc.of(raw, MAX_BYTES)
        .orElseThrow(() -> bad("a name has at most " + MAX_BYTES + " bytes of UTF-8"));
  }

  private static SkepException bad(String detail) {
    return new SkepException(ErrorCode.BAD_NAME, detail);
  }
}
