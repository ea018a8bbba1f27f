package dev.skep.domain;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a write to happen (RFC 9110 section 13.1), checked inside the transaction that
 * writes, so that of two writers with one ETag only one wins.
 *
 * @param ifMatch the ETags of which one must be the current one, without quotes; {@code *}: any;
 *     empty: no condition
 * @param ifNoneMatch the ETags of which none may be the current one; {@code *}: there must be
 *     nothing yet
 */
public record Precondition(List<String> ifMatch, List<String> ifNoneMatch) {

  public static final Precondition NONE = new Precondition(List.of(), List.of());

  public Precondition {
    ifMatch = List.copyOf(ifMatch);
    ifNoneMatch = List.copyOf(ifNoneMatch);
  }

  /**
   * @param current the current ETag; absent when there is nothing yet
   * @throws SkepException {@code precondition-failed}
   */
  public void check(@Nullable String current) {
    if (!ifMatch.isEmpty() && !matches(ifMatch, current)) {
      throw failed("If-Match", current);
    }
    if (!ifNoneMatch.isEmpty() && matches(ifNoneMatch, current)) {
      throw failed("If-None-Match", current);
    }
  }

  /** The same for a resource whose ETag is its revision. */
  public void check(long revision) {
    check(Long.toString(revision));
  }

  private static boolean matches(List<String> tags, @Nullable String current) {
    return current != null && (tags.contains("*") || tags.contains(current));
  }

  private static SkepException failed(String header, @Nullable String current) {
    return new SkepException(
        ErrorCode.PRECONDITION_FAILED,
        header
            + ": "
            + (current == null
                ? "there is nothing here yet"
                : "the current ETag is \"" + current + "\". Read it again before you write"));
  }
}
