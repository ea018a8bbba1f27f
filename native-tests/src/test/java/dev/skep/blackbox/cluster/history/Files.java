package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Digests;
import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Read;
import dev.skep.blackbox.cluster.history.Operation.Write;
import dev.skep.blackbox.cluster.history.OwnFile.Where;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The files of one client, which nobody else writes: their content and their place are registers.
 * For one thread.
 */
final class Files {

  private static final int HEADER = 64;

  private final World world;
  private final Asker asker;
  private final int client;
  private final Random random;
  private final List<OwnFile> own = new ArrayList<>();
  private int names;

  Files(World world, Asker asker, int client, Random random) {
    this.world = world;
    this.asker = asker;
    this.client = client;
    this.random = random;
  }

  /** A new file, in this client's folder; a path that stays, so that a repetition finds it. */
  void create() {
    boolean edge = random.nextInt(4) == 0;
    String name = "f%d-%d".formatted(client, ++names);
    World.Home home = edge ? world.edgeFolder(client) : world.teamFolder(client);
    OwnFile file = new OwnFile(name, home);
    byte[] content = content(file);
    Call call =
        Call.of("PUT", "/files/" + home.path() + "/" + name)
            .bytes(content)
            .with("If-None-Match", "*");
    Reply reply = asker.send(call);
    expect(
        reply, reply.is(201, 0) || (edge && reply.is(507)) || (reply.doubtful() && reply.is(412)));
    wrote(reply, file.content(), Digests.hex(content), false);
    wrote(reply, file.place(), home.folder() + "/" + name, false);
    world.files().add(file);
    if (reply.is(507)) {
      makeRoom();
    }
    if (reply.outcome() == Outcome.REFUSED) {
      file.is(Where.GONE);
      return;
    }
    // A request that still waits somewhere makes it anew if it is moved out of the way.
    file.pinned(reply.doubtful());
    file.doubted(reply.doubtful());
    if (reply.isDone()) {
      file.is(reply.json());
    } else {
      lookUp(file, home.path() + "/" + name);
    }
    own.add(file);
  }

  private void lookUp(OwnFile file, String path) {
    Reply reply = asker.send(Call.get("/nodes/lookup?path=/" + path));
    if (reply.isDone()) {
      told(reply, file);
    } else {
      file.is(Where.LOST);
    }
  }

  void overwrite() {
    OwnFile file = any(Where.TREE, false);
    if (file == null || (file.isAtEdge() && file.isPinned())) {
      return; // what cannot be purged would fill its workspace for good
    }
    byte[] content = content(file);
    Call call = Call.of("PUT", "/nodes/" + file.id() + "/content").bytes(content);
    Reply reply = asker.send(random.nextInt(10) < 7 ? call.ifMatch(file.etag()) : call);
    expect(reply, file, reply.is(200, 0) || (file.isAtEdge() && reply.is(507)));
    wrote(reply, file.content(), Digests.hex(content), reply.isLate());
    if (reply.is(507)) {
      makeRoom();
    }
    follow(reply, file);
  }

  /** To another folder, another name, or both. */
  void move() {
    OwnFile file = any(Where.TREE, true);
    if (file == null || file.isAtEdge()) {
      return;
    }
    String name = random.nextBoolean() ? file.name() : "g%d-%d".formatted(client, ++names);
    String parent = random.nextInt(3) == 0 ? file.parent() : world.anyFolder(random, client);
    if (name.equals(file.name()) && parent.equals(file.parent())) {
      return;
    }
    Call call = Call.of("PATCH", "/nodes/" + file.id()).ifMatch(file.revision());
    Reply reply = asker.send(call.json(Map.of("name", name, "parentId", parent)));
    expect(reply, file, reply.is(200, 0) || tooDeep(reply));
    wrote(reply, file.place(), parent + "/" + name, reply.isLate());
    follow(reply, file);
  }

  void trash() {
    OwnFile file = any(Where.TREE, true);
    if (file != null) {
      trash(file);
    }
  }

  private void trash(OwnFile file) {
    Reply reply = asker.send(Call.of("DELETE", "/nodes/" + file.id()).ifMatch(file.revision()));
    expect(reply, file, reply.is(204, 0));
    wrote(reply, file.place(), "trash", reply.isLate());
    if (reply.isDone()) {
      file.trashed();
    } else {
      follow(reply, file);
    }
  }

  void restore() {
    OwnFile file = any(Where.TRASH, true);
    if (file != null) {
      restore(file);
    }
  }

  private void restore(OwnFile file) {
    Reply reply = asker.send(Call.post("/trash/" + file.id() + "/restore", Map.of()));
    expect(reply, file, reply.is(200, 0));
    wrote(reply, file.place(), file.parent() + "/" + file.name(), reply.isLate());
    if (reply.isDone()) {
      file.is(reply.json());
    } else {
      file.is(Where.LOST);
    }
  }

  void purge() {
    OwnFile file = any(Where.TRASH, true);
    if (file != null) {
      purge(file);
    }
  }

  private void purge(OwnFile file) {
    Reply reply = asker.send(Call.of("DELETE", "/trash/" + file.id()).ifMatch(file.revision()));
    expect(reply, file, reply.is(204, 0));
    wrote(reply, file.place(), Operation.NOTHING, reply.isLate());
    wrote(reply, file.content(), Operation.NOTHING, reply.isLate());
    if (reply.isDone()) {
      file.is(Where.GONE);
    } else if (reply.doubtful() || reply.is(404, 412)) {
      restore(file);
    }
  }

  /** In the workspace whose quota is small. */
  private void makeRoom() {
    List<OwnFile> large =
        own.stream().filter(OwnFile::isAtEdge).filter(file -> !file.isPinned()).toList();
    for (OwnFile file : large) {
      if (file.where() == Where.TREE && random.nextInt(3) > 0) {
        trash(file);
      }
      if (file.where() == Where.TRASH) {
        purge(file);
      }
    }
  }

  /** Under a name that is never used again, so that it can be counted. */
  void copy() {
    OwnFile file = any(Where.TREE, false);
    if (file == null || file.isAtEdge()) {
      return;
    }
    World.Doomed doomed = random.nextInt(3) == 0 ? world.anyDoomed(random) : null;
    String parent = doomed == null ? placeOfCopy() : doomed.id();
    String name = "copy%d-%d".formatted(client, ++names);
    Reply reply =
        asker.send(
            Call.post("/nodes/" + file.id() + "/copy", Map.of("parentId", parent, "name", name)));
    expect(reply, reply.is(201, 0) || tooDeep(reply) || (doomed != null && reply.is(404)));
    String digest = reply.isDone() ? reply.text("sha256") : "";
    String inside = doomed == null ? "" : doomed.name();
    asker.history().add(new Make(reply.span(), name, inside, digest, reply.outcome()));
    if (reply.isDone()) {
      asker.history().add(new Read(reply.span(), file.content(), digest));
    }
  }

  /** Sometimes in another workspace. */
  private String placeOfCopy() {
    return random.nextInt(5) == 0 ? world.homeRoot(client) : world.anyFolder(random, client);
  }

  /** Whosesoever file. */
  void read() {
    OwnFile file = world.anyFile(random);
    if (file == null || file.id().isEmpty()) {
      return;
    }
    boolean bytes = random.nextBoolean();
    Reply reply = asker.send(Call.get("/nodes/" + file.id() + (bytes ? "/content" : "")));
    expect(reply, reply.is(200, 404, 0));
    if (reply.is(404)) {
      asker.history().add(away(reply, file));
    } else if (reply.isDone() && bytes) {
      asker.history().add(new Read(reply.span(), file.content(), Digests.hex(reply.body())));
    } else if (reply.isDone()) {
      tell(reply, file);
    }
  }

  /** After an answer to a change of a file in the tree: what is known of it now. */
  private void follow(Reply reply, OwnFile file) {
    if (reply.isDone()) {
      file.is(reply.json());
    } else if (reply.doubtful() || reply.is(404, 412)) {
      Reply now = asker.send(Call.get("/nodes/" + file.id()));
      if (now.isDone()) {
        told(now, file);
      } else if (now.is(404)) {
        asker.history().add(away(now, file));
        restore(file);
      } else {
        file.is(Where.LOST);
      }
    }
  }

  private static Read away(Reply reply, OwnFile file) {
    return new Read(reply.span(), file.place(), Set.of("trash", Operation.NOTHING));
  }

  private void told(Reply reply, OwnFile file) {
    tell(reply, file);
    file.is(reply.json());
  }

  private void tell(Reply reply, OwnFile file) {
    JsonNode node = reply.json();
    String place = node.path("parentId").asText() + "/" + node.path("name").asText();
    asker.history().add(new Read(reply.span(), file.place(), place));
    asker.history().add(new Read(reply.span(), file.content(), node.path("sha256").asText()));
  }

  private void wrote(Reply reply, String register, String value, boolean late) {
    asker.history().add(new Write(reply.span(), register, value, reply.outcome(), late));
  }

  private void expect(Reply reply, boolean expected) {
    if (!expected) {
      asker.surprise(reply);
    }
  }

  /** A request of unknown fate may have changed the file meanwhile, so that it is not as known. */
  private void expect(Reply reply, OwnFile file, boolean expected) {
    file.doubted(reply.doubtful());
    expect(reply, expected || (file.isDoubted() && reply.is(404, 412)));
  }

  static boolean tooDeep(Reply reply) {
    return reply.is(409) && reply.text("code").equals("too-deep");
  }

  /** Unique, in some of the sizes that are kept in different ways. */
  private byte[] content(OwnFile file) {
    int kind = random.nextInt(10);
    int length =
        file.isAtEdge()
            ? random.nextInt(1_000, 40_000)
            : kind < 6
                ? random.nextInt(HEADER, 4_000)
                : kind < 8 ? random.nextInt(16_000, 17_000) : random.nextInt(150_000, 250_000);
    byte[] content = new byte[length];
    random.nextBytes(content);
    byte[] header = "%s write %d ".formatted(file.key(), ++names).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(header, 0, content, 0, header.length);
    return content;
  }

  private OwnFile any(Where where, boolean movable) {
    List<OwnFile> there =
        own.stream()
            .filter(file -> file.where() == where && !(movable && file.isPinned()))
            .toList();
    return there.isEmpty() ? null : there.get(random.nextInt(there.size()));
  }
}
