package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Purges a folder of some hundred files each round, shortly before the kill. A purge hides the
 * folder at once, and the sweeper removes what was in it slice by slice; so a kill falls inside it
 * also after its answer, until the quota is given back whole. The folders have a workspace of their
 * own, whose {@code used} tells that.
 */
final class Purge extends Actor {

  static final String WORKSPACE = "crash-purges";

  /** Of each folder, so many files have a content of their own; the others are copies of one. */
  private static final int OWN = 15;

  /** In bytes, by turns: one that is small, one that is not. */
  private static final int[] OWN_LENGTHS = {40, 60};

  private static final int COPIES = 150;
  private static final int BELOW = 3;
  private static final String CONTENT = "one content for many files";
  private static final int MAKERS = 16;
  private static final int LONGEST_BEFORE_MILLIS = 200;

  private final int folders;
  private final Random random = new Random();
  private final Deque<String> waiting = new ArrayDeque<>();

  /** The folders that are or may be there, in the tree or in the trash. */
  private final Set<String> there = new HashSet<>();

  private final Set<String> purged = new HashSet<>();
  private volatile String purging;
  private volatile boolean removed = true;
  private volatile boolean slices;
  private int inSlices;

  Purge(int folders) {
    super("a purge", 1);
    this.folders = folders;
  }

  @Override
  void prepare(Client client) throws Exception {
    client.post("/workspaces", "{'slug':'" + WORKSPACE + "'}").is(201);
    String original = client.put("/files/" + WORKSPACE + "/original", CONTENT).is(201).id();
    try (ExecutorService makers = Executors.newFixedThreadPool(MAKERS)) {
      List<Future<?>> made = new ArrayList<>();
      for (int folder = 0; folder < folders; folder++) {
        String path = "/files/" + WORKSPACE + "/folder-" + folder;
        waiting.add(client.put(path + "/", new byte[0]).is(201).id());
        for (int below = 0; below < BELOW; below++) {
          String parent = client.put(path + "/" + below + "/", new byte[0]).is(201).id();
          made.add(makers.submit(() -> fill(client, parent)));
        }
      }
      for (Future<?> each : made) {
        each.get();
      }
    }
    there.addAll(waiting);
  }

  private static void fill(Client client, String folder) {
    String original = client.get("/nodes/lookup?path=/" + WORKSPACE + "/original").is(200).id();
    for (int i = 0; i < COPIES / BELOW; i++) {
      String copy = "{'parentId':'%s','name':'copy-%d'}".formatted(folder, i);
      client.post("/nodes/" + original + "/copy", copy).is(201);
    }
    String path = client.get("/nodes/" + folder).is(200).text("path");
    for (int i = 0; i < OWN / BELOW; i++) {
      client.put("/files" + path + "/own-" + i, own(path, i)).is(201);
    }
  }

  private static String own(String path, int number) {
    return ("%-" + OWN_LENGTHS[number % 2] + "s").formatted(path + " " + number);
  }

  @Override
  void act(Client client, int thread, Round round) {
    String id = waiting.remove();
    client.delete("/nodes/" + id).is(204);
    long before = used(client);
    round.awaitDeath(Duration.ofMillis(random.nextInt(LONGEST_BEFORE_MILLIS)));
    purging = id;
    removed = false;
    slices = false;
    send(thread, () -> client.delete("/trash/" + id)).is(204);
    purged.add(id);
    there.remove(id);
    purging = null;
    long after = before;
    while (after == before) {
      after = used(client);
    }
    slices = true;
    long bytes = bytesOfOne();
    while (after > before - bytes) {
      after = used(client);
    }
    removed = true;
  }

  @Override
  boolean isInside(Round round) {
    if (!removed && slices) {
      inSlices++;
    }
    return super.isInside(round) || !removed;
  }

  @Override
  void verify(Client client) {
    Set<String> found = new HashSet<>();
    listed(client).forEach(node -> found.add(node.path("id").asText()));
    String asked = purging;
    if (asked != null) {
      boolean gone = !found.contains(asked);
      learnt(gone);
      if (gone) {
        purged.add(asked);
        there.remove(asked);
      }
    }
    purging = null;
    removed = true;
    assertThat(found).as("folders that were not purged").isEqualTo(there);
    for (String id : purged) {
      client.get("/nodes/" + id).isProblem(404, "not-found");
      client.post("/trash/" + id + "/restore").isProblem(404, "not-found");
    }
  }

  /** The folders in the tree and in the trash. */
  private static List<JsonNode> listed(Client client) {
    String root = client.get("/workspaces/" + WORKSPACE).is(200).text("rootId");
    List<JsonNode> nodes = new ArrayList<>(client.children(root));
    nodes.removeIf(node -> node.path("type").asText().equals("file"));
    nodes.addAll(client.items("/trash?workspace=" + WORKSPACE + "&limit=1000"));
    return nodes;
  }

  /** Whole, with all that was in them. */
  void restoreAll(Client client) {
    client
        .items("/trash?workspace=" + WORKSPACE + "&limit=1000")
        .forEach(item -> client.post("/trash/" + item.path("id").asText() + "/restore").is(200));
    for (String id : there) {
      assertThat(Tree.of(client, id).files()).hasSize(BELOW * (COPIES / BELOW + OWN / BELOW));
    }
  }

  /** How many kills came when some of a folder was removed, and some was not. */
  int inSlices() {
    return inSlices;
  }

  static long used(Client client) {
    Answer workspace = client.get("/workspaces/" + WORKSPACE).is(200);
    return Long.parseLong(workspace.text("used"));
  }

  private static long bytesOfOne() {
    long own = IntStream.range(0, OWN / BELOW).map(number -> OWN_LENGTHS[number % 2]).sum();
    return BELOW * ((long) COPIES / BELOW * CONTENT.length() + own);
  }

  @Override
  public String toString() {
    return super.toString() + "; %d kills with some of it removed".formatted(inSlices);
  }
}
