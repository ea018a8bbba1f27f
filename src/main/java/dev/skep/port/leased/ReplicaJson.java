package dev.skep.port.leased;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.port.registry.Replica;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A replica as drivers keep it on their servers. Fields that this version does not know are left
 * out, and absent ones are empty, so that replicas of neighbouring versions see each other (P23).
 */
public final class ReplicaJson {

  private static final JsonMapper JSON = new JsonMapper();

  private ReplicaJson() {}

  /** In UTF-8. */
  public static byte[] write(Replica replica) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", replica.id());
    node.put("address", replica.address());
    ArrayNode roles = node.putArray("roles");
    replica.roles().stream().sorted().forEach(roles::add);
    node.put("version", replica.version());
    ObjectNode drivers = node.putObject("drivers");
    replica.drivers().forEach(drivers::put);
    node.put("startedAt", replica.startedAt().toString());
    ObjectNode attributes = node.putObject("attributes");
    replica.attributes().forEach(attributes::put);
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for what no replica wrote. */
  public static Optional<Replica> read(byte[] stored) {
    try {
      JsonNode node = JSON.readTree(stored);
      Set<String> roles = new HashSet<>();
      node.path("roles").forEach(role -> roles.add(role.asText()));
      return Optional.of(
          new Replica(
              node.path("id").asText(),
              node.path("address").asText(),
              roles,
              node.path("version").asText(),
              texts(node.path("drivers")),
              Instant.parse(node.path("startedAt").asText()),
              texts(node.path("attributes"))));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new HashMap<>();
    node.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
