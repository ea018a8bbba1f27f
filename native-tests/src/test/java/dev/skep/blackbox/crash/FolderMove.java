package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Moves a folder to and fro between two others, under a new name each time. */
final class FolderMove extends Actor {

  private static final int BELOW = 60;

  /** Where the folder is. */
  private record Place(String parentId, String name, long revision) {

    static Place of(JsonNode node) {
      return new Place(
          node.path("parentId").asText(),
          node.path("name").asText(),
          node.path("revision").asLong());
    }
  }

  private final List<String> parents = new ArrayList<>();
  private String id;
  private Map<String, String> content;
  private long moves;
  private volatile Place known;
  private volatile Place wanted;

  FolderMove() {
    super("a folder move", 1);
  }

  @Override
  void prepare(Client client) {
    for (String parent : List.of("a", "b")) {
      parents.add(client.put("/files/home/move/" + parent + "/", new byte[0]).is(201).id());
    }
    for (int i = 0; i < BELOW; i++) {
      client.put("/files/home/move/a/it/%d/%d".formatted(i % 5, i), "file " + i).is(201);
    }
    JsonNode node = client.get("/nodes/lookup?path=/home/move/a/it").is(200).json();
    id = node.path("id").asText();
    known = Place.of(node);
    content = content(client);
  }

  /** The ETag of each file below, by its id. */
  private Map<String, String> content(Client client) {
    Map<String, String> etags =
        Tree.of(client, id).files().stream()
            .collect(
                Collectors.toMap(
                    file -> file.path("id").asText(), file -> file.path("etag").asText()));
    assertThat(etags).hasSize(BELOW);
    return etags;
  }

  @Override
  void act(Client client, int thread, Round round) {
    while (true) {
      long move = moves++;
      String to =
          known.parentId.equals(parents.getFirst()) ? parents.getLast() : parents.getFirst();
      wanted = new Place(to, "it-" + move, 0);
      String change = "{'parentId':'%s','name':'%s'}".formatted(to, wanted.name);
      Answer answer = send(thread, () -> client.patch("/nodes/" + id, change)).is(200);
      known = Place.of(answer.json());
      wanted = null;
    }
  }

  @Override
  void verify(Client client) {
    Place found = Place.of(client.get("/nodes/" + id).is(200).json());
    if (!found.equals(known)) {
      assertThat(wanted)
          .as("the folder is at %s, the last answer said %s", found, known)
          .isNotNull();
      assertThat(found.parentId + found.name).isEqualTo(wanted.parentId + wanted.name);
    }
    if (wanted != null) {
      learnt(!found.equals(known));
    }
    known = found;
    wanted = null;
    List<String> names = new ArrayList<>();
    for (String parent : parents) {
      client
          .children(parent)
          .forEach(child -> names.add(parent + " " + child.path("name").asText()));
    }
    assertThat(names).as("at one place").containsExactly(found.parentId + " " + found.name);
    assertThat(content(client)).isEqualTo(content);
  }
}
