package dev.skep.api.rest;

import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a paged listing. */
final class Pages {

  private Pages() {}

  /**
   * Refuses a limit that is no number or out of range, and a cursor of another query.
   *
   * @param query names the listing and all its parameters but limit and cursor
   */
  static PageRequest of(String query, @Nullable String limit, @Nullable String cursor) {
    return PageRequest.of(query, limit == null ? null : number(limit), cursor);
  }

  private static Integer number(String limit) {
    try {
      return Integer.valueOf(limit);
    } catch (NumberFormatException e) {
      throw SkepException.field("limit", "must be between 1 and " + PageRequest.MAX_LIMIT);
    }
  }
}
