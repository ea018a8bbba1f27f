package dev.skep.port.config.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.skep.port.config.ConfigStore.Author;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A setting's value as it lies in etcd: a line of JSON that tells the author, then the value as it
 * is, so that it takes no more room than it has and {@code etcdctl get} shows it. Of a deletion
 * there is only the line.
 */
final class EntryFormat {

  private static final int FORMAT = 1;

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @param value absent for a deletion
   */
  record Written(@Nullable String value, Author author) {}

  /** The bytes were not written by Skep, or by a newer one. */
  static final class Foreign extends Exception {
    Foreign(String detail) {
      super(detail);
    }
  }

  private EntryFormat() {}

  static ByteString write(@Nullable String value, Author author) {
    String head =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("author", author.name())
            .put("at", author.at().toString())
            .put("deleted", value == null)
            .toString();
    return ByteString.copyFromUtf8(head + "\n" + (value == null ? "" : value));
  }

  static Written read(ByteString stored) throws Foreign {
    byte[] bytes = stored.toByteArray();
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    if (end == bytes.length) {
      throw new Foreign("it does not begin with a line that tells its author");
    }
    JsonNode head = head(bytes, end);
    if (head.path("format").asInt() != FORMAT) {
      throw new Foreign("it is of format " + head.path("format").asInt() + ", not " + FORMAT);
    }
    String value = new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.UTF_8);
    try {
      Author author =
          new Author(head.path("author").asText(), Instant.parse(head.path("at").asText()));
      return new Written(head.path("deleted").asBoolean() ? null : value, author);
    } catch (DateTimeException e) {
      throw new Foreign("it does not tell when it was written");
    }
  }

  private static JsonNode head(byte[] bytes, int end) throws Foreign {
    try {
      return JSON.readTree(bytes, 0, end);
    } catch (JsonProcessingException e) {
      // The message may quote a value, and a setting may be private.
      throw new Foreign("its first line is no JSON");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
