package dev.skep.domain.files;

import dev.skep.common.SkepException;
import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may stand as a file's media type (RFC 9110 section 8.3.1), the same from a header and from
 * JSON, and the media type of a file whose client does not say one: by the end of its name.
 */
public final class MediaTypes {

  private static final int MAX_LENGTH = 255;

  /** RFC 6838 section 4.2. */
  private static final int MAX_NAME = 127;

  private static final String NAME_SYMBOLS = "!#$&-^_.+";
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  static final String UNKNOWN = "application/octet-stream";

  /** What the JDK's own table lacks. */
  private static final Map<String, String> MORE =
      Map.ofEntries(
          Map.entry("avif", "image/avif"),
          Map.entry("csv", "text/csv"),
          Map.entry(
              "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
          Map.entry("epub", "application/epub+zip"),
          Map.entry("flac", "audio/flac"),
          Map.entry("heic", "image/heic"),
          Map.entry("jar", "application/java-archive"),
          Map.entry("json", "application/json"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("m4v", "video/mp4"),
          Map.entry("md", "text/markdown"),
          Map.entry("mkv", "video/x-matroska"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("odp", "application/vnd.oasis.opendocument.presentation"),
          Map.entry("ods", "application/vnd.oasis.opendocument.spreadsheet"),
          Map.entry("odt", "application/vnd.oasis.opendocument.text"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("opus", "audio/ogg"),
          Map.entry(
              "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("wav", "audio/wav"),
          Map.entry("webm", "video/webm"),
          Map.entry("webp", "image/webp"),
          Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("yml", "application/yaml"));

  private MediaTypes() {}

  /**
   * The media type without the space around it, which may stand in a header as it is.
   *
   * @param pointer the field or header that holds it
   * @throws SkepException {@code malformed}
   */
  public static String checked(String text, String pointer) {
    String stripped = text.length() > MAX_LENGTH ? "" : text.strip();
    if (!isValid(stripped)) {
      throw SkepException.field(
          pointer,
          "is not a media type such as text/plain; charset=utf-8 of at most "
              + MAX_LENGTH
              + " characters");
    }
    return stripped;
  }

  /** What a header may say of a file: what is stored, unless that could be no header. */
  public static String sendable(String stored) {
    return isValid(stored) ? stored : UNKNOWN;
  }

  private static boolean isValid(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    int slash = end(text, 0, NAME_SYMBOLS);
    if (!isName(text, 0, slash) || slash == text.length() || text.charAt(slash) != '/') {
      return false;
    }
    int end = end(text, slash + 1, NAME_SYMBOLS);
    return isName(text, slash + 1, end) && areParameters(text, end);
  }

  private static boolean isName(String text, int from, int to) {
    return to > from && to - from <= MAX_NAME && isAlphanumeric(text.charAt(from));
  }

  /** {@code *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )}, up to the end. */
  private static boolean areParameters(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int semicolon = spaceEnd(text, at);
      if (semicolon == text.length() || text.charAt(semicolon) != ';') {
        return false;
      }
      int name = spaceEnd(text, semicolon + 1);
      int equals = end(text, name, TOKEN_SYMBOLS);
      at = equals == name ? name : valueEnd(text, equals);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the value behind the equals sign ends, or −1. */
  private static int valueEnd(String text, int equals) {
    int value = equals + 1;
    if (value >= text.length() || text.charAt(equals) != '=') {
      return -1;
    }
    if (text.charAt(value) != '"') {
      int end = end(text, value, TOKEN_SYMBOLS);
      return end == value ? -1 : end;
    }
    for (int at = value + 1; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == '"') {
        return at + 1;
      }
      at += next == '\\' ? 1 : 0;
      if (at == text.length() || !isPrintable(text.charAt(at))) {
        return -1;
      }
    }
    return -1;
  }

  private static int end(String text, int from, String symbols) {
    int at = from;
    while (at < text.length()
        && (isAlphanumeric(text.charAt(at)) || symbols.indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  private static int spaceEnd(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }

  static String of(String name) {
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    @Nullable String known = name.contains(".") ? MORE.get(end) : null;
    if (known != null) {
      return known;
    }
    // The JDK cuts a name at '#', as in a URL, so it is given the end alone.
    @Nullable String guessed = URLConnection.guessContentTypeFromName("x." + end);
    return guessed == null || !name.contains(".") ? UNKNOWN : guessed;
  }
}
