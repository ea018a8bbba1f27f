package dev.skep.common;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of which listing.
 *
 * @param query names the listing and all its parameters but limit and cursor; a cursor of another
 *     query is refused
 * @param limit 1–1000
 * @param after the position after which the page begins; absent for the first
 */
public record PageRequest(String query, int limit, @Nullable String after) {

  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1000;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw SkepException.field("limit", "must be between 1 and " + MAX_LIMIT);
    }
  }

  /** Reads the parameters of a request; refuses a cursor that was not made for this query. */
  public static PageRequest of(String query, @Nullable Integer limit, @Nullable String cursor) {
    return new PageRequest(
        query,
        limit == null ? DEFAULT_LIMIT : limit,
        cursor == null ? null : Cursor.decode(query, cursor));
  }

  /**
   * The position in its own form: a cursor may have been made by hand.
   *
   * @param form throws {@code IllegalArgumentException} for what is not of that form
   * @param first the position before the first page
   * @throws SkepException {@code bad-cursor}
   */
  public <T> T after(Function<String, T> form, T first) {
    if (after == null) {
      return first;
    }
    try {
      return form.apply(after);
    } catch (IllegalArgumentException e) {
      throw Cursor.wrong(e);
    }
  }
}
