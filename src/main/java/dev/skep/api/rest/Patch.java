package dev.skep.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.common.SkepException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) whose fields are checked: an absent field means no change, {@code null}
 * means removal where the field may be removed.
 */
public final class Patch {

  private final ObjectNode json;

  private Patch(ObjectNode json) {
    this.json = json;
  }

  /** Refuses anything but an object of the allowed fields. */
  public static Patch of(@Nullable JsonNode body, String... allowed) {
    if (!(body instanceof ObjectNode object)) {
      throw SkepException.field("", "a merge patch is a JSON object");
    }
    Set<String> known = new TreeSet<>(Set.of(allowed));
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw SkepException.field(
                    "/" + name.replace("~", "~0").replace("/", "~1"),
                    "cannot be changed here; what can: " + String.join(", ", known));
              }
            });
    return new Patch(object);
  }

  public boolean has(String field) {
    return json.has(field);
  }

  /** The text of a field; absent when the patch does not name it. */
  public @Nullable String text(String field) {
    @Nullable JsonNode value = json.get(field);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw SkepException.field("/" + field, "must be a string");
    }
    return value.textValue();
  }

  public @Nullable Boolean flag(String field) {
    @Nullable JsonNode value = json.get(field);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw SkepException.field("/" + field, "must be true or false");
    }
    return value.booleanValue();
  }

  public @Nullable Long number(String field) {
    @Nullable JsonNode value = json.get(field);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw SkepException.field("/" + field, "must be a whole number");
    }
    return value.longValue();
  }

  /** The field as it stands; JSON's null is a value of its own. */
  public @Nullable JsonNode value(String field) {
    return json.get(field);
  }

  /** The target of a merge patch after it (RFC 7396 section 2). */
  public static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode result =
        target instanceof ObjectNode object ? object.deepCopy() : changes.objectNode();
    changes
        .properties()
        .forEach(
            change -> {
              if (change.getValue().isNull()) {
                result.remove(change.getKey());
              } else {
                JsonNode before = result.path(change.getKey());
                result.set(change.getKey(), merge(before, change.getValue()));
              }
            });
    return result;
  }
}
