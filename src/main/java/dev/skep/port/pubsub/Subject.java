package dev.skep.port.pubsub;

import dev.skep.common.Utf8;
import java.util.regex.Pattern;

/** The rules for subjects, patterns and texts of {@link PubSub}, for all drivers. */
public final class Subject {

  public static final int MAX_LENGTH = 200;
  public static final int MAX_WORDS = 16;
  public static final int MAX_TEXT_BYTES = 8 * 1024;

  private static final String WORD = "[a-z0-9_-]+";
  private static final Pattern SUBJECT = Pattern.compile(words(WORD, WORD));
  private static final Pattern PATTERN =
      Pattern.compile(words("(?:" + WORD + "|\\*)", "(?:" + WORD + "|\\*|>)"));

  private Subject() {}

  /** Whether the text is a subject. */
  public static boolean isOne(String subject) {
    return subject.length() <= MAX_LENGTH && SUBJECT.matcher(subject).matches();
  }

  /**
   * Gives the subject back.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static String checked(String subject) {
    if (!isOne(subject)) {
      throw new IllegalArgumentException("Not a subject of a hint: " + subject);
    }
    return subject;
  }

  /**
   * Gives the pattern back.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static String checkedPattern(String pattern) {
    if (pattern.length() > MAX_LENGTH || !PATTERN.matcher(pattern).matches()) {
      throw new IllegalArgumentException("Not a pattern of subjects: " + pattern);
    }
    return pattern;
  }

  /**
   * Gives the text back.
   *
   * @throws IllegalArgumentException when it is too long or no valid Unicode
   */
  public static String checkedText(String text) {
    long bytes = Utf8.length(text);
    if (bytes == Utf8.INVALID) {
      throw new IllegalArgumentException("The text of a hint is not valid Unicode");
    }
    if (bytes > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "The text of a hint has " + bytes + " bytes, more than " + MAX_TEXT_BYTES);
    }
    return text;
  }

  /** Whether a subject matches a pattern. */
  public static boolean matches(String pattern, String subject) {
    String[] wanted = pattern.split("\\.");
    String[] words = subject.split("\\.");
    for (int i = 0; i < wanted.length; i++) {
      if (i == words.length) {
        return false;
      }
      if (wanted[i].equals(">")) {
        return true;
      }
      if (!wanted[i].equals("*") && !wanted[i].equals(words[i])) {
        return false;
      }
    }
    return wanted.length == words.length;
  }

  private static String words(String each, String last) {
    return "(?:" + each + "\\.){0," + (MAX_WORDS - 1) + "}" + last;
  }
}
