package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.skep.api.security.CurrentCaller;
import dev.skep.domain.Caller;
import dev.skep.domain.files.Copies;
import dev.skep.domain.files.Moves;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Trash;
import dev.skep.domain.permission.Premises;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * RFC 7396, compared with its own pseudo-code over random JSON; a failure names the seed that
 * repeats it ({@code -Dskep.test.seed=…}).
 */
class MergePatchPropertyTest {

  private static final int MERGES = 50_000;
  private static final int PATCHES = 250;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> KEYS = List.of("a", "b", "c", "", "ä", "a/b~");

  private final long seed = Long.getLong("skep.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path folder;

  @Test
  void aPatchDoesWhatTheRfcSaysAndTwiceDoesNoMore() {
    for (int i = 0; i < MERGES; i++) {
      JsonNode target = json(4);
      JsonNode patch = json(4);
      JsonNode expected = mergePatch(target.deepCopy(), patch);
      String before = target.toString();

      JsonNode result = Patch.merge(target, patch);

      assertThat(result).as("seed %d: %s on %s", seed, patch, target).isEqualTo(expected);
      assertThat(Patch.merge(result, patch)).as("seed %d: again", seed).isEqualTo(result);
      assertThat(target.toString()).as("seed %d: the target stays", seed).isEqualTo(before);
    }
  }

  /** Through the resource and the domain, as the API then writes it. */
  @Test
  void theMetadataOfANodeAreWhatItsPatchesMakeOfThem() throws Exception {
    try (Premises premises = new Premises(folder)) {
      Caller anna = premises.user("anna");
      UUID node = premises.folder(premises.home(anna).rootId(), "folder");
      ObjectMapper mapper = apiMapper();
      NodeChangesResource resource = resource(premises, anna, mapper);
      JsonNode expected = JSON.objectNode();
      for (int i = 0; i < PATCHES; i++) {
        ObjectNode body = JSON.objectNode();
        body.set("metadata", random.nextInt(30) == 0 ? JSON.nullNode() : object(3));
        expected =
            body.path("metadata").isNull()
                ? JSON.objectNode()
                : read(mergePatch(expected, body.path("metadata")).toString());

        JsonNode changed = metadata(mapper, patch(resource, node, mapper, body));
        JsonNode again = metadata(mapper, patch(resource, node, mapper, body));

        assertThat(changed).as("seed %d, patch %d: %s", seed, i, body).isEqualTo(expected);
        assertThat(again).as("seed %d, patch %d repeated: %s", seed, i, body).isEqualTo(expected);
      }
    }
  }

  /** Section 2 of the RFC, line by line. */
  private static JsonNode mergePatch(JsonNode target, JsonNode patch) {
    if (patch.isObject()) {
      ObjectNode result = target.isObject() ? (ObjectNode) target : JSON.objectNode();
      for (var each : patch.properties()) {
        if (each.getValue().isNull()) {
          if (result.has(each.getKey())) {
            result.remove(each.getKey());
          }
        } else {
          JsonNode before = result.has(each.getKey()) ? result.get(each.getKey()) : JSON.nullNode();
          result.set(each.getKey(), mergePatch(before, each.getValue()));
        }
      }
      return result;
    } else {
      return patch;
    }
  }

  private static ObjectMapper apiMapper() {
    ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
    new JsonRules().customize(mapper);
    return mapper;
  }

  private static NodeChangesResource resource(
      Premises premises, Caller caller, ObjectMapper mapper) {
    CurrentCaller current = new CurrentCaller();
    current.is(caller);
    return new NodeChangesResource(
        current,
        premises.get(Moves.class),
        premises.get(Copies.class),
        premises.get(Trash.class),
        mapper);
  }

  private static NodeView patch(
      NodeChangesResource resource, UUID node, ObjectMapper mapper, JsonNode body)
      throws JsonProcessingException {
    JsonNode sent = mapper.readTree(body.toString());
    try (Response answer = resource.patch(node.toString(), withoutHeaders(), sent)) {
      return (NodeView) answer.getEntity();
    }
  }

  private static HttpHeaders withoutHeaders() {
    return (HttpHeaders)
        Proxy.newProxyInstance(
            HttpHeaders.class.getClassLoader(),
            new Class<?>[] {HttpHeaders.class},
            (proxy, method, arguments) -> null);
  }

  private static JsonNode metadata(ObjectMapper mapper, NodeView view) throws Exception {
    return read(mapper.writeValueAsString(view)).path("metadata");
  }

  /** Numbers compare by how they are written, not by how they were made. */
  private static JsonNode read(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json);
  }

  private JsonNode json(int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 12)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 -> JSON.numberNode(random.nextDouble());
      case 4 -> JSON.numberNode(random.nextInt(3));
      case 5 -> JSON.textNode(KEYS.get(random.nextInt(KEYS.size())));
      case 6, 7 -> array(depth);
      default -> object(depth);
    };
  }

  private ArrayNode array(int depth) {
    ArrayNode array = JSON.arrayNode();
    for (int size = random.nextInt(4); size > 0; size--) {
      array.add(json(depth - 1));
    }
    return array;
  }

  private ObjectNode object(int depth) {
    ObjectNode object = JSON.objectNode();
    for (int size = random.nextInt(5); size > 0; size--) {
      object.set(KEYS.get(random.nextInt(KEYS.size())), json(depth - 1));
    }
    return object;
  }
}
