package dev.skep.api.rest;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads ids strictly: what is no id names nothing. */
final class NodeId {

  // UUID.fromString takes shortened groups too; those are no ids of ours.
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private NodeId() {}

  /** From a path: what is no id is not found. */
  static UUID of(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new SkepException(ErrorCode.NOT_FOUND, "There is nothing here that you may see");
    }
    return UUID.fromString(text);
  }

  /** From a field of a body or a query: what is no id is malformed. */
  static UUID field(String pointer, String text) {
    if (!FORM.matcher(text).matches()) {
      throw SkepException.field(
          pointer, "must be an id such as 0190c2a4-7b6e-7f00-8000-0123456789ab");
    }
    return UUID.fromString(text);
  }
}
