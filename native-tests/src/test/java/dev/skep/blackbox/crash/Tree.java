package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Client;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All nodes below a folder by their path, as the lists of children tell: a tree, or it fails. */
final class Tree {

  private final Client client;
  private final Map<String, JsonNode> nodes = new TreeMap<>();
  private final Set<String> ids = new HashSet<>();

  private Tree(Client client) {
    this.client = client;
  }

  static Tree of(Client client, String rootId) {
    Tree tree = new Tree(client);
    tree.walk(rootId);
    return tree;
  }

  private void walk(String rootId) {
    Deque<String> folders = new ArrayDeque<>(List.of(rootId));
    while (!folders.isEmpty()) {
      String folder = folders.remove();
      for (JsonNode node : client.children(folder)) {
        assertThat(ids.add(node.path("id").asText())).as("is in one place: %s", node).isTrue();
        assertThat(node.path("parentId").asText()).as("%s", node).isEqualTo(folder);
        assertThat(nodes.put(node.path("path").asText(), node)).as("one path: %s", node).isNull();
        if (node.path("type").asText().equals("folder")) {
          folders.add(node.path("id").asText());
        }
      }
    }
  }

  Map<String, JsonNode> nodes() {
    return nodes;
  }

  List<JsonNode> files() {
    return nodes.values().stream()
        .filter(node -> node.path("type").asText().equals("file"))
        .toList();
  }

  long bytes() {
    return files().stream().mapToLong(node -> node.path("size").asLong()).sum();
  }
}
