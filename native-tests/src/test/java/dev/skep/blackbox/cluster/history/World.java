package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where the clients live: a workspace for all, one whose quota is small, and a home for each.
 * Thread-safe once it is made.
 */
final class World {

  static final String TEAM = "team";
  static final String EDGE = "edge";
  static final long QUOTA = 600_000;

  private static final int FOLDERS = 12;
  private static final int MOST_FOLDERS = 60;

  /** Where a client makes its files: a folder that nobody moves. */
  record Home(String path, String folder, boolean edge) {}

  /** A folder that anybody may trash, restore and purge, whatever is in it. */
  record Doomed(String name, String id) {}

  private final List<Client> clients = new ArrayList<>();
  private final List<Home> teamFolders = new ArrayList<>();
  private final List<Home> edgeFolders = new ArrayList<>();
  private final List<String> homeRoots = new ArrayList<>();
  private final List<String> maze = new CopyOnWriteArrayList<>();
  private final List<Doomed> doomed = new CopyOnWriteArrayList<>();
  private final List<OwnFile> files = new CopyOnWriteArrayList<>();
  private final String teamRoot;
  private final String edgeRoot;
  private final String doomRoot;

  /** Made by the administrator, while all is well. */
  World(Client admin, int count) {
    People people = new People(admin);
    teamRoot = workspace(people, TEAM);
    edgeRoot = workspace(people, EDGE);
    admin.patch("/workspaces/" + EDGE, "{'quota':" + QUOTA + "}").is(200);
    doomRoot = folder(admin, TEAM + "/doom");
    for (int i = 0; i < FOLDERS; i++) {
      maze.add(folder(admin, TEAM + "/maze-" + i));
    }
    for (int i = 0; i < count; i++) {
      Client client = people.person("client");
      clients.add(client);
      teamFolders.add(home(client, TEAM + "/own-" + i, false));
      edgeFolders.add(home(client, EDGE + "/own-" + i, true));
      homeRoots.add(client.get("/workspaces/home").is(200).text("rootId"));
    }
  }

  private static String workspace(People people, String slug) {
    people.admin().post("/workspaces", "{'slug':'" + slug + "'}").is(201);
    String root = people.root(slug);
    people.grant(root, "everyone", "read", "write", "delete", "share");
    return root;
  }

  private static String folder(Client client, String path) {
    return client.put("/files/" + path + "/", new byte[0]).is(201).id();
  }

  private static Home home(Client client, String path, boolean edge) {
    return new Home(path, folder(client, path), edge);
  }

  List<Client> clients() {
    return clients;
  }

  Home teamFolder(int client) {
    return teamFolders.get(client);
  }

  Home edgeFolder(int client) {
    return edgeFolders.get(client);
  }

  String homeRoot(int client) {
    return homeRoots.get(client);
  }

  String teamRoot() {
    return teamRoot;
  }

  String edgeRoot() {
    return edgeRoot;
  }

  String doomRoot() {
    return doomRoot;
  }

  List<OwnFile> files() {
    return files;
  }

  OwnFile anyFile(Random random) {
    return files.isEmpty() ? null : files.get(random.nextInt(files.size()));
  }

  /** A folder that stays in the tree of the team, wherever others move it, or the client's own. */
  String anyFolder(Random random, int client) {
    return random.nextInt(5) == 0 ? teamFolder(client).folder() : anyMaze(random);
  }

  String anyMaze(Random random) {
    return maze.get(random.nextInt(maze.size()));
  }

  void addMaze(String id) {
    if (maze.size() < MOST_FOLDERS) {
      maze.add(id);
    }
  }

  /** Absent before there is one. */
  Doomed anyDoomed(Random random) {
    // The newest are the ones that still live.
    int first = Math.max(0, doomed.size() - 8);
    return doomed.isEmpty() ? null : doomed.get(random.nextInt(first, doomed.size()));
  }

  void addDoomed(Doomed folder) {
    doomed.add(folder);
  }
}
