package dev.skep.domain.identity;

import dev.skep.common.SkepException;
import java.util.Optional;
import java.util.UUID;

/**
 * Who is in a group, as the API writes it: {@code user:anna}, {@code group:staff}.
 *
 * @param kind {@link Accounts#USER} or {@link Accounts#GROUP}, as the columns hold it
 */
record Member(int kind, String name) {

  private static final String USER_PREFIX = "user:";
  private static final String GROUP_PREFIX = "group:";

  /** A member whose name has been found. */
  record Found(int kind, UUID id, String name) {
    String word() {
      return (kind == Accounts.USER ? USER_PREFIX : GROUP_PREFIX) + name;
    }
  }

  static Optional<Member> of(String word) {
    if (word.startsWith(USER_PREFIX)) {
      return named(Accounts.USER, word.substring(USER_PREFIX.length()));
    }
    return word.startsWith(GROUP_PREFIX)
        ? named(Accounts.GROUP, word.substring(GROUP_PREFIX.length()))
        : Optional.empty();
  }

  private static Optional<Member> named(int kind, String name) {
    return Check.isName(name) ? Optional.of(new Member(kind, name)) : Optional.empty();
  }

  /** From a field of a body. */
  static Member field(String word, String pointer) {
    return of(word)
        .orElseThrow(
            () -> SkepException.field(pointer, "must be \"user:\" or \"group:\" and a name"));
  }
}
