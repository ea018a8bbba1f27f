package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A range of bytes that can be met (RFC 9110 section 14). */
record ByteRange(long offset, long length) {

  private static final Pattern SPEC = Pattern.compile("\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /**
   * The range to answer with. A malformed header, another unit and several ranges that can be met
   * are answered with the whole content, as section 14.2 allows; an empty content has no ranges.
   *
   * @throws RangeNotSatisfiable when none of the ranges can be met
   */
  static Optional<ByteRange> of(@Nullable String header, long size) {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith("bytes=")) {
      return Optional.empty();
    }
    List<ByteRange> met = new ArrayList<>();
    for (String spec : header.substring("bytes=".length()).split(",", -1)) {
      Matcher matcher = SPEC.matcher(spec);
      if (!matcher.matches() || invalid(matcher.group(1), matcher.group(2))) {
        return Optional.empty();
      }
      met(matcher.group(1), matcher.group(2), size).ifPresent(met::add);
    }
    if (met.isEmpty()) {
      throw new RangeNotSatisfiable(size);
    }
    return met.size() == 1 && size > 0 ? Optional.of(met.getFirst()) : Optional.empty();
  }

  private static boolean invalid(String first, String last) {
    if (first.isEmpty()) {
      return last.isEmpty();
    }
    return !last.isEmpty() && Long.parseLong(last) < Long.parseLong(first);
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
