package dev.skep.port.config.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Entry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file's JSON: {@code {"format":1,"crc32c":"…","settings":{…}}}. The checksum is over the
 * settings written without white space. Built node by node, so that nothing is found by reflection
 * in a native image.
 */
final class StateJson {

  static final int FORMAT = 1;

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** The content is not what was once written. */
  static final class Damaged extends Exception {
    Damaged(String detail, @Nullable Throwable cause) {
      super(detail, cause);
    }
  }

  /** The content was written by a newer Skep. */
  static final class Newer extends Exception {
    Newer(long format) {
      super("format " + format);
    }
  }

  byte[] write(State state) {
    ObjectNode settings = json.createObjectNode();
    settings.put("revision", state.revision());
    ObjectNode entries = settings.putObject("entries");
    state.entries().forEach((key, entry) -> entries.set(key, node(entry)));
    ObjectNode history = settings.putObject("history");
    state
        .history()
        .forEach(
            (key, changes) -> {
              ArrayNode list = history.putArray(key);
              changes.forEach(change -> list.add(node(change)));
            });
    ObjectNode file = json.createObjectNode();
    file.put("format", FORMAT);
    file.put("crc32c", checksum(settings));
    file.set("settings", settings);
    return bytes(file);
  }

  State read(byte[] content) throws Damaged, Newer {
    JsonNode file = tree(content);
    JsonNode format = file.path("format");
    if (!format.canConvertToLong() || format.longValue() < 1) {
      throw new Damaged("it does not tell its format", null);
    }
    if (format.longValue() > FORMAT) {
      throw new Newer(format.longValue());
    }
    JsonNode settings = file.path("settings");
    if (!checksum(settings).equals(file.path("crc32c").textValue())) {
      throw new Damaged("its checksum does not match", null);
    }
    try {
      return state(settings);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new Damaged("it holds what was never written", e);
    }
  }

  private JsonNode tree(byte[] content) throws Damaged {
    try {
      return json.readTree(content);
    } catch (IOException e) {
      // The message may quote a value, and a setting may be private.
      throw new Damaged("it is not valid JSON", null);
    }
  }

  private String checksum(JsonNode settings) {
    CRC32C crc = new CRC32C();
    crc.update(bytes(settings));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private byte[] bytes(JsonNode node) {
    try {
      return json.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode node(Entry entry) {
    ObjectNode node = json.createObjectNode();
    node.put("value", entry.value());
    node.put("revision", entry.revision());
    return put(node, entry.author());
  }

  private ObjectNode node(Change change) {
    ObjectNode node = json.createObjectNode();
    node.put("revision", change.revision());
    node.put("before", change.before());
    node.put("after", change.after());
    return put(node, change.author());
  }

  private static ObjectNode put(ObjectNode node, Author author) {
    return node.put("author", author.name()).put("at", author.at().toString());
  }

  private static State state(JsonNode settings) {
    NavigableMap<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : settings.required("entries").properties()) {
      JsonNode node = field.getValue();
      entries.put(field.getKey(), new Entry(text(node, "value"), revision(node), author(node)));
    }
    Map<String, List<Change>> history = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : settings.required("history").properties()) {
      List<Change> changes = new ArrayList<>();
      for (JsonNode node : field.getValue()) {
        changes.add(
            new Change(
                revision(node),
                node.required("before").textValue(),
                node.required("after").textValue(),
                author(node)));
      }
      history.put(field.getKey(), List.copyOf(changes));
    }
    return new State(revision(settings), entries, history);
  }

  private static long revision(JsonNode node) {
    return node.required("revision").longValue();
  }

  private static Author author(JsonNode node) {
    return new Author(text(node, "author"), Instant.parse(text(node, "at")));
  }

  private static String text(JsonNode node, String field) {
    String text = node.required(field).textValue();
    if (text == null) {
      throw new IllegalArgumentException(field);
    }
    return text;
  }
}
