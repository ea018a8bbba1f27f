package dev.skep.bench.row;

import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.SkepServer;
import dev.skep.bench.lab.TreeRows;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A drive of so many nodes with a Skep on it: each folder holds 90 files and 10 folders until there
 * are enough, and a chain of 60 folders stands beside them.
 */
final class Tree implements AutoCloseable {

  private static final int FILES_EACH = 90;
  private static final int FOLDERS_EACH = 10;
  private static final int CHAIN = 60;

  /** What is asked of it. */
  enum Operation {
    STAT("stat by id"),
    LOOKUP("stat by path"),
    LIST("list"),
    MOVE("move"),
    CHAIN("path of 60 segments");

    private final String title;

    Operation(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private record Place(String id, String path) {}

  private final int size;
  private final List<Place> folders = new ArrayList<>();
  private final List<Place> files = new ArrayList<>();
  private final Random random = new Random(42);
  private final StringBuilder chain = new StringBuilder();
  private SkepServer skep;

  private Tree(int size) {
    this.size = size;
  }

  /** Writes it while no Skep runs, then starts one. */
  static Tree make(Lab lab, int size) throws IOException {
    Path data = lab.newFolder("tree-" + size);
    String sample = Samples.upload(lab, data);
    Tree tree = new Tree(size);
    lab.say("tree: writing " + size + " nodes");
    try (TreeRows rows = TreeRows.open(data, sample)) {
      tree.fill(rows);
    }
    tree.skep = SkepServer.start(lab, data);
    return tree;
  }

  private record Open(byte[] id, String path) {}

  private void fill(TreeRows rows) throws IOException {
    byte[] below = rows.root();
    for (int i = 1; i <= CHAIN; i++) {
      below = rows.folder(below, "segment-" + i);
      chain.append("/segment-").append(i);
    }
    Deque<Open> open = new ArrayDeque<>();
    open.add(new Open(rows.folder(rows.root(), "tree"), "/tree"));
    while (rows.made() < size) {
      Open folder = open.remove();
      folders.add(new Place(TreeRows.text(folder.id), folder.path));
      for (int i = 0; i < FILES_EACH; i++) {
        String name = "file %02d.txt".formatted(i);
        byte[] id = rows.file(folder.id, name);
        files.add(new Place(TreeRows.text(id), folder.path + "/" + name));
      }
      for (int i = 0; i < FOLDERS_EACH; i++) {
        String path = folder.path + "/folder " + i;
        open.add(new Open(rows.folder(folder.id, "folder " + i), path));
      }
    }
  }

  int size() {
    return size;
  }

  int port() {
    return skep.port();
  }

  /** Sees by the API that what was written past it is a drive: nodes, paths, listings, contents. */
  void require(Lab lab) throws IOException {
    for (int i = 0; i < 50; i++) {
      Place file = any(files);
      var node = skep.json(200, "GET", "/api/v1/nodes/" + file.id, "");
      requireEqual(file.path, belowHome(node.get("path").asText()));
      var found = skep.json(200, "GET", lookup(file.path), "");
      requireEqual(file.id, found.get("id").asText());
      var page = skep.json(200, "GET", "/api/v1/nodes/" + any(folders).id + "/children", "");
      requireEqual(Integer.toString(FILES_EACH + FOLDERS_EACH), "" + page.get("items").size());
    }
    try (Wire wire = new Wire(port())) {
      String address = "/api/v1/nodes/" + any(files).id + "/content";
      wire.exchange(Wire.request("GET", address, skep.headers(), new byte[0]));
      requireEqual(Samples.CONTENT, wire.body());
    }
    lab.say("tree: " + size + " nodes checked: 50 by id, by path and by folder, one content");
  }

  /** What a path of the API is without its workspace. */
  private static String belowHome(String path) {
    return path.substring(path.indexOf("/tree"));
  }

  private static void requireEqual(String wanted, String given) throws IOException {
    if (!wanted.equals(given)) {
      throw new IOException("the generated tree shows " + given + " instead of " + wanted);
    }
  }

  Load.Step step(Operation operation) {
    return (wire, connection, n) -> {
      int status = wire.exchange(request(operation));
      if (status != 200) {
        throw new IOException(operation + " gave " + status + ": " + wire.body());
      }
    };
  }

  private byte[] request(Operation operation) {
    return switch (operation) {
      case STAT -> get("/api/v1/nodes/" + any(files).id);
      case LOOKUP -> get(lookup(any(files).path));
      case LIST -> get("/api/v1/nodes/" + any(folders).id + "/children");
      case CHAIN -> get(lookup(chain.toString()));
      case MOVE -> move();
    };
  }

  private int moves;

  /** A file into another folder, under a name that is new there. */
  private byte[] move() {
    String body = "{\"parentId\":\"%s\",\"name\":\"moved %d\"}".formatted(any(folders).id, moves++);
    return Wire.request(
        "PATCH",
        "/api/v1/nodes/" + any(files).id,
        skep.headers() + "Content-Type: application/merge-patch+json\r\n",
        body.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] get(String address) {
    return Wire.request("GET", address, skep.headers(), new byte[0]);
  }

  private static String lookup(String path) {
    return "/api/v1/nodes/lookup?path=/home" + path.replace(" ", "%20");
  }

  private Place any(List<Place> places) {
    return places.get(random.nextInt(places.size()));
  }

  @Override
  public void close() {
    skep.close();
  }
}
