package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Digests;
import dev.skep.blackbox.cluster.history.Found.Node;
import dev.skep.blackbox.cluster.history.Found.Workspace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Looks at everything once all is well again and rests, in the tables and by the API. */
final class Finale {

  private static final int THREADS = 4;

  private final World world;
  private final Tables tables;
  private final Found found = new Found();

  /** A new one of each client, for each thread that asks. */
  private final IntFunction<Asker> asClient;

  private final Asker admin;

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Workspace> workspaces = new HashMap<>();

  /** The clients by the workspaces of their homes. */
  private final Map<String, Integer> owners = new HashMap<>();

  private List<Tables.Version> versions = List.of();

  Finale(World world, Tables tables, IntFunction<Asker> asClient, Asker admin) {
    this.world = world;
    this.tables = tables;
    this.asClient = asClient;
    this.admin = admin;
  }

  Found look(Collection<Sharing> shares) throws Exception {
    tables.read(found);
    versions = tables.versions();
    index();
    registersOfFiles();
    walkAll();
    admin(shares);
    restoreAll();
    download();
    return found;
  }

  /** How many versions were downloaded and compared. */
  int versions() {
    return versions.size();
  }

  private void index() {
    found.nodes.forEach(node -> nodes.put(node.id(), node));
    found.workspaces.forEach(workspace -> workspaces.put(workspace.id(), workspace));
    for (int client = 0; client < world.clients().size(); client++) {
      owners.put(nodes.get(world.homeRoot(client)).workspace(), client);
    }
  }

  private void registersOfFiles() {
    Map<String, List<String>> digests =
        versions.stream()
            .collect(
                Collectors.groupingBy(
                    Tables.Version::node,
                    Collectors.mapping(Tables.Version::digest, Collectors.toList())));
    for (OwnFile file : world.files()) {
      Node node = node(file);
      if (node == null) {
        found.register(file.place(), Operation.NOTHING);
        found.register(file.content(), Operation.NOTHING);
      } else {
        found.register(file.place(), place(node));
        found.versions.put(file.content(), digests.getOrDefault(node.id(), List.of()));
      }
    }
  }

  /** Absent when it is not there; by its first place where its writer never knew its id. */
  private Node node(OwnFile file) {
    if (!file.id().isEmpty()) {
      return nodes.get(file.id());
    }
    return found.nodes.stream()
        .filter(node -> node.parent().equals(file.firstFolder()) && node.name().equals(file.key()))
        .findFirst()
        .orElse(null);
  }

  private String place(Node node) {
    return isInTrash(node) ? "trash" : node.parent() + "/" + node.name();
  }

  private boolean isInTrash(Node node) {
    return node.parent().equals(workspaces.get(node.workspace()).trash());
  }

  /** What lies below a root, and what a walk from there meets. */
  private void walkAll() {
    walk(world.teamRoot(), admin);
    walk(world.edgeRoot(), admin);
    for (int client = 0; client < world.clients().size(); client++) {
      walk(world.homeRoot(client), asClient.apply(client));
    }
    Set<String> roots = found.workspaces.stream().map(Workspace::root).collect(Collectors.toSet());
    roots.remove("");
    // Homes of the users that were made meanwhile are empty, and nobody else may look.
    found.nodes.stream()
        .filter(node -> !roots.contains(node.id()) && leadsTo(roots, node))
        .forEach(node -> found.live.add(node.id()));
  }

  private boolean leadsTo(Set<String> roots, Node node) {
    Node at = node;
    for (int depth = 0; at != null && depth < 1_000; depth++) {
      if (roots.contains(at.id())) {
        return true;
      }
      at = nodes.get(at.parent());
    }
    return false;
  }

  private void walk(String root, Asker asker) {
    List<String> folders = new ArrayList<>(List.of(root));
    // A cycle would have no end.
    while (!folders.isEmpty() && found.walked.size() < 2 * nodes.size() + 10) {
      String folder = folders.removeLast();
      String cursor = "";
      do {
        Reply page = asker.send(Call.get("/nodes/" + folder + "/children?limit=1000" + cursor));
        if (!page.isDone()) {
          found.damages.add("a folder cannot be listed: " + page);
        }
        for (JsonNode item : page.json().path("items")) {
          String id = item.path("id").asText();
          found.walked.add(id);
          if (item.path("type").asText().equals("folder")) {
            folders.add(id);
          }
        }
        String next = page.text("nextCursor");
        cursor = next.isEmpty() ? "" : "&cursor=" + next;
      } while (!cursor.isEmpty());
    }
  }

  private void admin(Collection<Sharing> shares) {
    Reply setting = admin.send(Call.get("/settings/" + Administration.SETTING));
    if (setting.isDone()) {
      found.register(Administration.REGISTER, setting.json().path("value").asText());
    }
    int guest = 0;
    for (Sharing each : shares) {
      guest = (guest + 1) % world.clients().size();
      String right = each.ask(asClient.apply(guest));
      if (!right.isEmpty()) {
        found.register(each.register(), right);
      }
    }
  }

  /** What lies in the trash cannot be read; so all comes back, each under a name of its own. */
  private void restoreAll() {
    for (String slug : List.of(World.TEAM, World.EDGE)) {
      String root = slug.equals(World.TEAM) ? world.teamRoot() : world.edgeRoot();
      Reply page;
      do {
        page = admin.send(Call.get("/trash?workspace=" + slug + "&limit=1000"));
        for (JsonNode item : page.json().path("items")) {
          String id = item.path("id").asText();
          Reply restored =
              admin.send(
                  Call.post("/trash/" + id + "/restore", Map.of("parentId", root, "name", id)));
          if (!restored.isDone()) {
            found.damages.add("it cannot be restored: " + restored);
            return;
          }
        }
      } while (!page.json().path("items").isEmpty());
    }
  }

  /** Every version of every file, whole. */
  private void download() throws Exception {
    List<String> damages = Collections.synchronizedList(found.damages);
    Map<String, String> current = new java.util.concurrent.ConcurrentHashMap<>();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int thread = 0; thread < THREADS; thread++) {
        int mine = thread;
        all.add(threads.submit(() -> download(mine, damages, current)));
      }
    }
    for (Future<?> each : all) {
      each.get();
    }
    for (OwnFile file : world.files()) {
      Node node = node(file);
      if (node != null && current.containsKey(node.id())) {
        found.register(file.content(), current.get(node.id()));
      }
    }
  }

  private void download(int thread, List<String> damages, Map<String, String> current) {
    Map<Integer, Asker> askers = new HashMap<>();
    for (int i = thread; i < versions.size(); i += THREADS) {
      Tables.Version version = versions.get(i);
      boolean newest =
          i + 1 == versions.size() || !versions.get(i + 1).node().equals(version.node());
      Asker asker =
          askers.computeIfAbsent(owners.getOrDefault(version.workspace(), 0), asClient::apply);
      String path =
          "/nodes/" + version.node() + (newest ? "" : "/versions/" + version.id()) + "/content";
      Reply reply = asker.send(Call.get(path));
      String digest = Digests.hex(reply.body());
      if (!reply.isDone()) {
        damages.add("it cannot be downloaded: " + reply);
      } else if (!digest.equals(version.digest()) || reply.body().length != version.size()) {
        damages.add("%s has %d bytes of digest %s".formatted(version, reply.body().length, digest));
      } else if (newest) {
        current.put(version.node(), digest);
      }
    }
  }
}
