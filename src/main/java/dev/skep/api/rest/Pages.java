package dev.skep.api.rest;

import dev.skep.api.security.CurrentCaller;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a paged listing; {@link SealedPages} seals the cursors that come back.
 */
@Singleton
public class Pages {

  private final CursorSeal seal;
  private final CurrentCaller current;

  public Pages(CursorSeal seal, CurrentCaller current) {
    this.seal = seal;
    this.current = current;
  }

  /**
   * Refuses a limit that is no number or out of range, and a cursor of another query or person.
   *
   * @param query names the listing and all its parameters but limit and cursor
   */
  PageRequest of(String query, @Nullable String limit, @Nullable String cursor) {
    return PageRequest.of(query, limit == null ? null : number(limit), opened(cursor));
  }

  private @Nullable String opened(@Nullable String cursor) {
    return cursor == null ? null : seal.open(current.caller(), cursor);
  }

  private static Integer number(String limit) {
    try {
      return Integer.valueOf(limit);
    } catch (NumberFormatException e) {
      throw SkepException.field("limit", "must be between 1 and " + PageRequest.MAX_LIMIT);
    }
  }
}
