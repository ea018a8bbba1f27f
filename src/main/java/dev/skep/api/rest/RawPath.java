package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.files.FilePath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads paths as the client sent them. The server's own idea of a path is normalised: there {@code
 * a//b}, {@code a/./b} and {@code a/%2e%2e/b} have already become something else, which must be
 * refused instead.
 */
final class RawPath {

  private RawPath() {}

  /**
   * The place behind a prefix.
   *
   * @param uri the request's path, not decoded
   * @throws SkepException {@code bad-path}
   */
  static FilePath of(@Nullable String uri, String prefix) {
    if (uri == null || !uri.startsWith(prefix)) {
      throw bad("the path is not written as " + prefix + "{workspace}/{path}");
    }
    List<String> segments = new ArrayList<>();
    for (String raw : uri.substring(prefix.length()).split("/", -1)) {
      segments.add(decode(raw));
    }
    return path(segments);
  }

  /**
   * The place in a query: {@code path=/home/a}, where slashes may be percent-encoded too.
   *
   * @param query the request's query, not decoded
   */
  static FilePath ofQuery(@Nullable String query, String parameter) {
    String start = parameter + "=";
    String raw =
        Arrays.stream(query == null ? new String[0] : query.split("&"))
            .filter(pair -> pair.startsWith(start))
            .map(pair -> pair.substring(start.length()))
            .findFirst()
            .orElseThrow(() -> SkepException.field(parameter, "is needed: /{workspace}/{path}"));
    String text = decode(raw.replace('+', ' '));
    if (!text.startsWith("/")) {
      throw SkepException.field(parameter, "must begin with a slash: /{workspace}/{path}");
    }
    return path(Arrays.asList(text.substring(1).split("/", -1)));
  }

  private static FilePath path(List<String> segments) {
    boolean folder = segments.size() > 1 && segments.getLast().isEmpty();
    List<String> names = folder ? segments.subList(0, segments.size() - 1) : segments;
    names.forEach(RawPath::check);
    return new FilePath(names.getFirst(), names.subList(1, names.size()), folder);
  }

  /** Refuses what no name can be, and what would mean another place than it says. */
  static void check(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw bad("a name cannot be empty, \".\" or \"..\"");
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw bad("a name cannot hold a slash or a NUL");
    }
  }

  /** Decodes percent-encoding, strictly, into strict UTF-8. */
  static String decode(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int at = 0; at < raw.length(); at++) {
      char next = raw.charAt(at);
      if (next == '%') {
        bytes.write(hex(raw, at + 1) << 4 | hex(raw, at + 2));
        at += 2;
      } else if (next <= 0xff) {
        // The server reads the request line as Latin-1, so each character is one byte.
        bytes.write(next);
      } else {
        throw bad("it is not valid UTF-8");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw bad("it is not valid UTF-8");
    }
  }

  private static int hex(String raw, int at) {
    int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    if (digit < 0 || raw.charAt(at) > 0x7f) {
      throw bad("a % must be followed by two hexadecimal digits");
    }
    return digit;
  }

  private static SkepException bad(String detail) {
    return new SkepException(ErrorCode.BAD_PATH, "The path: " + detail);
  }
}
