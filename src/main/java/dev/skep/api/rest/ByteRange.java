package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A range of bytes that can be met (RFC 9110 section 14). */
record ByteRange(long offset, long length) {

  private static final String UNIT = "bytes=";

  /** More fit into no long; a position that far behind is met by nothing we store. */
  private static final int MAX_DIGITS = 18;

  /**
   * The range to answer with. A malformed header, another unit and several ranges that can be met
   * are answered with the whole content, as section 14.2 allows; an empty content has no ranges.
   *
   * @throws RangeNotSatisfiable when none of the ranges can be met
   */
  static Optional<ByteRange> of(@Nullable String header, long size) {
    if (header == null || !header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return Optional.empty();
    }
    List<ByteRange> met = new ArrayList<>();
    boolean any = false;
    for (String element : header.substring(UNIT.length()).split(",", -1)) {
      String spec = element.strip();
      if (spec.isEmpty()) {
        continue; // RFC 9110 section 5.6.1.2
      }
      int hyphen = spec.indexOf('-');
      if (hyphen < 0 || invalid(spec.substring(0, hyphen), spec.substring(hyphen + 1))) {
        return Optional.empty();
      }
      met(spec.substring(0, hyphen), spec.substring(hyphen + 1), size).ifPresent(met::add);
      any = true;
    }
    if (any && met.isEmpty()) {
      throw new RangeNotSatisfiable(size);
    }
    return met.size() == 1 && size > 0 ? Optional.of(met.getFirst()) : Optional.empty();
  }

  private static boolean invalid(String first, String last) {
    if (!isPosition(first) || !isPosition(last)) {
      return true;
    }
    if (first.isEmpty()) {
      return last.isEmpty();
    }
    return !last.isEmpty() && Long.parseLong(last) < Long.parseLong(first);
  }

  private static boolean isPosition(String text) {
    return text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<ByteRange> met(String first, String last, long size) {
    if (first.isEmpty()) {
      long length = Math.min(Long.parseLong(last), size);
      return Long.parseLong(last) == 0
          ? Optional.empty()
          : Optional.of(new ByteRange(size - length, length));
    }
    long from = Long.parseLong(first);
    if (from >= size) {
      return Optional.empty();
    }
    long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
    return Optional.of(new ByteRange(from, to - from + 1));
  }

  /** The value of Content-Range. */
  String of(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }

  /** None of the ranges can be met; the answer tells the size. */
  static final class RangeNotSatisfiable extends SkepException {

    private final long size;

    RangeNotSatisfiable(long size) {
      super(
          ErrorCode.RANGE_NOT_SATISFIABLE,
          "Range: the content has " + size + " bytes; none of the ranges lies within them");
      this.size = size;
    }

    String contentRange() {
      return "bytes */" + size;
    }
  }
}
