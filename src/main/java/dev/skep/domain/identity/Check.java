package dev.skep.domain.identity;

import dev.skep.common.SkepException;
import java.util.regex.Pattern;

/** The rules for what people may write into the fields of users, groups and tokens. */
final class Check {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int LONGEST = 200;
  private static final int LONGEST_EMAIL = 254;

  private Check() {}

  static void userName(String name) {
    name(name);
    if (name.equals(AccountNames.SKEP)) {
      throw SkepException.field("/name", "\"skep\" stands for Skep itself; choose another name");
    }
  }

  static void name(String name) {
    if (!isName(name)) {
      throw SkepException.field(
          "/name",
          "1 to 64 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or a digit");
    }
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Text that people read, on one line. */
  static void text(String text, String pointer) {
    if (text.length() > LONGEST || CONTROL.matcher(text).find() || brokenPair(text)) {
      throw SkepException.field(
          pointer, "at most " + LONGEST + " characters without control characters");
    }
  }

  static void label(String text, String pointer) {
    if (text.isBlank()) {
      throw SkepException.field(pointer, "must not be empty");
    }
    text(text, pointer);
  }

  static void email(String email) {
    if (!email.isEmpty()
        && (email.length() > LONGEST_EMAIL
            || brokenPair(email)
            || !EMAIL.matcher(email).matches())) {
      throw SkepException.field("/email", "must be an e-mail address, or empty");
    }
  }

  static void quota(long quota) {
    if (quota < -1) {
      throw SkepException.field("/quota", "must be a number of bytes, or -1 for none");
    }
  }

  /** Half a surrogate pair cannot be stored as UTF-8. */
  private static boolean brokenPair(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
