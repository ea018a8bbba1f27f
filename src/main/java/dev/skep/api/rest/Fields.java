package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.common.SkepException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the fields of request bodies, naming the one that is wrong. */
final class Fields {

  private static final long NO_QUOTA = -1;

  /** With all digits of a second and an offset. */
  private static final int LONGEST_TIME = 64;

  private Fields() {}

  static <T> T required(@Nullable T value, String pointer) {
    if (value == null) {
      throw SkepException.field(pointer, "is needed");
    }
    return value;
  }

  /** A list without holes; JSON's null may stand in any place of it. */
  static <T> List<T> elements(List<@Nullable T> values, String pointer) {
    List<T> elements = new ArrayList<>();
    for (T value : values) {
      elements.add(required(value, pointer + "/" + elements.size()));
    }
    return elements;
  }

  /** The strings of a patch's list; absent where the patch does not name it. */
  static @Nullable List<String> strings(Patch patch, String field) {
    @Nullable JsonNode value = patch.value(field);
    if (value == null) {
      return null;
    }
    if (!value.isArray()) {
      throw SkepException.field("/" + field, "must be a list of strings");
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw SkepException.field("/" + field + "/" + strings.size(), "must be a string");
      }
      strings.add(element.textValue());
    }
    return strings;
  }

  /** Whether the patch takes the field away (RFC 7396: null). */
  static boolean removed(Patch patch, String field) {
    @Nullable JsonNode value = patch.value(field);
    return value != null && value.isNull();
  }

  /** Bytes, −1 for no quota; null in a patch takes the quota away. */
  static @Nullable Long quota(Patch patch) {
    return removed(patch, "quota") ? Long.valueOf(NO_QUOTA) : patch.number("quota");
  }

  static @Nullable Instant time(@Nullable String text, String pointer) {
    if (text == null) {
      return null;
    }
    try {
      if (text.length() <= LONGEST_TIME) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException e) {
      // told below, as too long a text is
    }
    throw SkepException.field(pointer, "must be a time of RFC 3339 such as 2030-01-31T12:00:00Z");
  }
}
