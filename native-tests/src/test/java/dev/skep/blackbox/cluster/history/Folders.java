package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Purge;
import java.util.Map;
import java.util.Random;

/**
 * Folders that all clients change at once: a maze of those that are moved into one another, and
 * doomed ones that are trashed, restored and purged while others fill them. For one thread.
 */
final class Folders {

  private final World world;
  private final Asker asker;
  private final int client;
  private final Random random;
  private int names;

  Folders(World world, Asker asker, int client, Random random) {
    this.world = world;
    this.asker = asker;
    this.client = client;
    this.random = random;
  }

  void makeInMaze() {
    Reply reply = make(world.anyMaze(random), "folder%d-%d".formatted(client, ++names), "");
    expect(reply, reply.is(201, 0) || Files.tooDeep(reply));
    if (reply.isDone()) {
      world.addMaze(reply.text("id"));
    }
  }

  /** Often one into another that lies in it. */
  void moveInMaze() {
    String to = random.nextInt(6) == 0 ? world.teamRoot() : world.anyMaze(random);
    Call call = Call.of("PATCH", "/nodes/" + world.anyMaze(random));
    Reply reply = asker.send(call.json(Map.of("parentId", to)));
    boolean refused = reply.is(409) && reply.text("code").matches("into-itself|too-deep");
    expect(reply, reply.is(200, 0) || refused);
  }

  void makeDoomed() {
    String name = "doomed%d-%d".formatted(client, ++names);
    Reply reply = make(world.doomRoot(), name, "");
    expect(reply, reply.is(201, 0));
    if (reply.isDone()) {
      world.addDoomed(new World.Doomed(name, reply.text("id")));
    }
  }

  void actOnDoomed() {
    World.Doomed doomed = world.anyDoomed(random);
    if (doomed == null) {
      makeDoomed();
      return;
    }
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> {
        String name = "below%d-%d".formatted(client, ++names);
        Reply reply = make(doomed.id(), name, doomed.name());
        expect(reply, reply.is(201, 404, 0));
      }
      case 4, 5 -> {
        Reply reply = asker.send(Call.of("DELETE", "/nodes/" + doomed.id()));
        expect(reply, reply.is(204, 404, 0));
      }
      case 6, 7, 8 -> {
        Reply reply = asker.send(Call.post("/trash/" + doomed.id() + "/restore", Map.of()));
        expect(reply, reply.is(200, 404, 0));
      }
      default -> {
        Reply reply = asker.send(Call.of("DELETE", "/trash/" + doomed.id()));
        expect(reply, reply.is(204, 404, 0));
        asker.history().add(new Purge(reply.span(), doomed.name(), reply.outcome()));
      }
    }
  }

  private Reply make(String parent, String name, String inside) {
    Reply reply = asker.send(Call.post("/nodes/" + parent + "/children", Map.of("name", name)));
    asker.history().add(new Make(reply.span(), name, inside, "", reply.outcome()));
    return reply;
  }

  private void expect(Reply reply, boolean expected) {
    if (!expected) {
      asker.surprise(reply);
    }
  }
}
