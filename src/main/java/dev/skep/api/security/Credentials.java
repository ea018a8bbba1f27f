package dev.skep.api.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What an Authorization header holds (RFC 6750, RFC 7617); a malformed one counts as none. */
public sealed interface Credentials {

  /** The secret alone. */
  record Bearer(String secret) implements Credentials {
    @Override
    public String toString() {
      return "Bearer …";
    }
  }

  /** User name and secret, or, where sessions are made, the password. */
  record Basic(String user, String secret) implements Credentials {
    @Override
    public String toString() {
      return "Basic " + user + ":…";
    }
  }

  /** Nothing that can be understood. */
  record None() implements Credentials {}

  static Credentials of(@Nullable String header) {
    if (header == null) {
      return new None();
    }
    int space = header.indexOf(' ');
    if (space < 0) {
      return new None();
    }
    String scheme = header.substring(0, space);
    String value = header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return new Bearer(value);
    }
    return scheme.equalsIgnoreCase("Basic") ? basic(value) : new None();
  }

  private static Credentials basic(String value) {
    try {
      String pair =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(value)))
              .toString();
      int colon = pair.indexOf(':');
      return colon < 0
          ? new None()
          : new Basic(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return new None();
    }
  }
}
