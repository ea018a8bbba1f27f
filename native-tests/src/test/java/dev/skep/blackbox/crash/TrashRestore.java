package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Client;
import java.util.ArrayList;
import java.util.List;

/** Puts folders into the trash and restores them, again and again; only the restores count. */
final class TrashRestore extends Actor {

  private static final int BELOW = 10;

  private enum Where {
    TREE,
    TRASH
  }

  /** A folder with some files, of one thread. */
  private static final class Item {
    private final String name;
    private final String id;
    private volatile Where known = Where.TREE;
    private volatile boolean asked;

    Item(String name, String id) {
      this.name = name;
      this.id = id;
    }
  }

  private final List<Item> items = new ArrayList<>();

  TrashRestore() {
    super("a restore from the trash", 3);
  }

  @Override
  void prepare(Client client) {
    for (int i = 0; i < threads(); i++) {
      String path = "/files/home/restore/item-" + i;
      items.add(new Item("item-" + i, client.put(path + "/", new byte[0]).is(201).id()));
      for (int file = 0; file < BELOW; file++) {
        client.put(path + "/" + file, "some text").is(201);
      }
    }
  }

  @Override
  void act(Client client, int thread, Round round) {
    Item item = items.get(thread);
    while (true) {
      item.asked = true;
      if (item.known == Where.TREE) {
        client.delete("/nodes/" + item.id).is(204);
        item.known = Where.TRASH;
      } else {
        send(thread, () -> client.post("/trash/" + item.id + "/restore")).is(200);
        item.known = Where.TREE;
      }
      item.asked = false;
    }
  }

  @Override
  void verify(Client client) {
    String folder = client.get("/nodes/lookup?path=/home/restore").is(200).id();
    List<String> inTree = ids(client.children(folder));
    List<String> inTrash = ids(client.items("/trash?workspace=home&limit=1000"));
    for (Item item : items) {
      boolean isInTree = inTree.contains(item.id);
      assertThat(inTrash.contains(item.id))
          .as("%s is in one place", item.name)
          .isEqualTo(!isInTree);
      Where found = isInTree ? Where.TREE : Where.TRASH;
      if (item.asked) {
        learnt(found != item.known);
      } else {
        assertThat(found).as(item.name).isEqualTo(item.known);
      }
      item.known = found;
      item.asked = false;
      if (isInTree) {
        assertThat(client.children(item.id)).as(item.name).hasSize(BELOW);
      }
    }
  }

  private static List<String> ids(List<JsonNode> nodes) {
    return nodes.stream().map(node -> node.path("id").asText()).toList();
  }

  /** So that nothing of them is in the trash. */
  void restoreAll(Client client) {
    for (Item item : items) {
      if (item.known == Where.TRASH) {
        client.post("/trash/" + item.id + "/restore").is(200);
        item.known = Where.TREE;
      }
    }
  }
}
