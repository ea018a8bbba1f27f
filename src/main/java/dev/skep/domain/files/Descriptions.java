package dev.skep.domain.files;

import dev.skep.common.SkepException;
import dev.skep.domain.Json;
import dev.skep.domain.tree.Node;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What people may write about a node, and how much of it. */
final class Descriptions {

  private static final int MAX_TAGS = 100;
  private static final int MAX_TAG_BYTES = 255;
  private static final int MAX_METADATA_BYTES = 64 * 1024;
  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          "[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}(\\s*;\\s*[A-Za-z0-9!#$&^_.+-]{1,40}=[\\x20-\\x7e]{1,100})*");

  private Descriptions() {}

  /** In the given order, without repetitions. */
  static List<String> tags(List<String> given) {
    List<String> tags =
        given.stream()
            .map(tag -> Normalizer.normalize(tag.strip(), Normalizer.Form.NFC))
            .distinct()
            .toList();
    if (tags.size() > MAX_TAGS) {
      throw SkepException.field("/tags", "at most " + MAX_TAGS + " tags are allowed");
    }
    for (int at = 0; at < tags.size(); at++) {
      int bytes = tags.get(at).getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > MAX_TAG_BYTES) {
        throw SkepException.field("/tags/" + at, "a tag has 1 to " + MAX_TAG_BYTES + " bytes");
      }
    }
    return tags;
  }

  static Map<String, Object> metadata(Map<String, Object> metadata) {
    int bytes = Json.write(metadata).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_METADATA_BYTES) {
      throw SkepException.field(
          "/metadata",
          "has " + bytes + " bytes of JSON; at most " + MAX_METADATA_BYTES + " are allowed");
    }
    return metadata;
  }

  static String mediaType(Node node, String mediaType) {
    if (node.isFolder()) {
      throw SkepException.field("/mediaType", "a folder has none");
    }
    if (mediaType.length() > 255 || !MEDIA_TYPE.matcher(mediaType).matches()) {
      throw SkepException.field("/mediaType", "is not a media type such as text/plain");
    }
    return mediaType;
  }
}
