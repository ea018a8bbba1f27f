package dev.skep.domain.files;

import dev.skep.common.Nfc;
import dev.skep.common.SkepException;
import dev.skep.common.Utf8;
import dev.skep.domain.Json;
import dev.skep.domain.tree.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people may write about a node, and how much of it. */
final class Descriptions {

  private static final int MAX_TAGS = 100;
  private static final int MAX_TAG_BYTES = 255;
  private static final int MAX_METADATA_BYTES = 64 * 1024;

  private Descriptions() {}

  /** In the given order, without repetitions. */
  static List<String> tags(List<String> given) {
    if (given.size() > MAX_TAGS) {
      throw SkepException.field("/tags", "at most " + MAX_TAGS + " tags are allowed");
    }
    List<String> tags = new ArrayList<>();
    for (String tag : given) {
      tags.add(tag("/tags/" + tags.size(), tag));
    }
    return tags.stream().distinct().toList();
  }

  private static String tag(String pointer, String given) {
    requireUnicode(pointer, given);
    return Nfc.of(given.strip(), MAX_TAG_BYTES)
        .filter(tag -> !tag.isEmpty())
        .orElseThrow(
            () -> SkepException.field(pointer, "a tag has 1 to " + MAX_TAG_BYTES + " bytes"));
  }

  static Map<String, Object> metadata(Map<String, Object> metadata) {
    if (!isFinite(metadata)) {
      throw SkepException.field("/metadata", "holds a number that is too large to be kept");
    }
    String json = Json.write(metadata);
    requireUnicode("/metadata", json);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_METADATA_BYTES) {
      throw SkepException.field(
          "/metadata",
          "has " + bytes + " bytes of JSON; at most " + MAX_METADATA_BYTES + " are allowed");
    }
    return metadata;
  }

  /** JSON's 1e400 is read as infinity, which would be written as a string. */
  private static boolean isFinite(@Nullable Object value) {
    return switch (value) {
      case Double number -> Double.isFinite(number);
      case Map<?, ?> map -> map.values().stream().allMatch(Descriptions::isFinite);
      case List<?> list -> list.stream().allMatch(Descriptions::isFinite);
      case null, default -> true;
    };
  }

  /** Half of a surrogate pair would be stored as a question mark. */
  private static void requireUnicode(String pointer, String text) {
    if (Utf8.length(text) == Utf8.INVALID) {
      throw SkepException.field(pointer, "is not valid Unicode");
    }
  }

  static String mediaType(Node node, String mediaType) {
    if (node.isFolder()) {
      throw SkepException.field("/mediaType", "a folder has none");
    }
    return MediaTypes.checked(mediaType, "/mediaType");
  }
}
