package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.files.Folders;
import dev.skep.domain.files.Moves;
import dev.skep.domain.files.NodePatch;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Target;
import dev.skep.domain.files.Trash;
import dev.skep.domain.identity.Groups;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations of random people on random trees, each compared with {@link ReferenceDrive}:
 * allowed, or refused with the same code, and everyone's rights on every node the same afterwards.
 * {@code -Dskep.test.seed=…} repeats a run, {@code -Dskep.test.rights=…} sets how many operations
 * it has.
 */
@Tag("P9")
class RightsModelTest {

  private static final int OPERATIONS = Integer.getInteger("skep.test.rights", 3_000);
  private static final int OPERATIONS_A_TREE = 25;

  @TempDir Path folder;

  private final long seed = Long.getLong("skep.test.seed", System.nanoTime());
  private final Map<String, Integer> seen = new TreeMap<>();

  @Test
  void theProductDoesAndRefusesWhatTheModelDoes() {
    SplittableRandom seeds = new SplittableRandom(seed);
    System.out.println("rights: " + OPERATIONS + " operations, seed " + seed);
    try (Drive drive = Drive.openPlain(folder)) {
      for (int done = 0; done < OPERATIONS; done += OPERATIONS_A_TREE) {
        new Round(drive, seeds.split()).run();
      }
    }
    System.out.println("rights: " + seen);
    for (String operation : List.of("put", "remove", "move", "restore", "trash", "leave")) {
      assertThat(seen).as("operations that were done").containsKey(operation + " done");
    }
    for (String operation : List.of("put", "remove", "move", "restore", "trash", "make", "list")) {
      assertThat(seen).as("those refused").containsKey(operation + " FORBIDDEN");
    }
  }

  private record Operation(String name, String who, String top, boolean exempt, String text) {}

  private final class Round {
    private final Drive drive;
    private final SplittableRandom random;
    private final Forest forest;
    private final Forest.Tree tree;
    private final ReferenceDrive model;
    private int made;

    Round(Drive drive, SplittableRandom random) {
      this.drive = drive;
      this.random = random;
      forest = new Forest(random, drive.get(Nodes.class), drive.get(Workspaces.class));
      List<Forest.Tree> grown = new ArrayList<>();
      drive
          .get(SqlStore.class)
          .write(
              tx -> {
                forest.people(tx);
                tx.update(Rows.PROMOTE, forest.id("u1"));
                grown.add(forest.tree(tx, "t"));
                return grown;
              });
      tree = grown.getFirst();
      model =
          new ReferenceDrive(
              forest.reference,
              tree.folders(),
              tree.trashed(),
              names("u", Forest.USERS),
              names("g", Forest.GROUPS),
              Set.of("u1"));
      if (random.nextInt(8) > 0) {
        someoneAdministers();
      }
    }

    private List<String> names(String letter, int count) {
      List<String> names = new ArrayList<>();
      for (int at = 0; at < count; at++) {
        names.add(letter + at);
      }
      return names;
    }

    private void someoneAdministers() {
      String who = "u" + (1 + random.nextInt(Forest.USERS - 1));
      Map<String, Set<Right>> atRoot =
          forest.reference.entries.computeIfAbsent(model.root, none -> new HashMap<>());
      if (atRoot.putIfAbsent(who, Forest.rights(Rights.ALL)) == null) {
        drive
            .get(SqlStore.class)
            .write(
                tx ->
                    tx.update(
                        Rows.ENTRY,
                        forest.id(model.root),
                        Subject.Kind.USER.column(),
                        forest.id(who),
                        tree.workspaceId(),
                        Rights.ALL.bits()));
      }
    }

    void run() {
      Map<String, Rights> before = everyonesRights();
      for (int at = 0; at < OPERATIONS_A_TREE; at++) {
        before = step(before);
      }
    }

    private Map<String, Rights> step(Map<String, Rights> before) {
      Map<String, Map<String, Set<Right>>> entries = copy(forest.reference.entries);
      int nodes = model.nodes.size();
      String start = forest.reference.parent + " " + entries + " " + forest.reference.groupsOf;
      Attempt attempt = attempt();
      String where =
          "seed " + seed + ": " + attempt.operation + "\nin " + start + "\ntrash " + tree.trashed();
      assertThat(attempt.found).as(where).isEqualTo(attempt.expected);
      seen.merge(
          attempt.operation.name + " " + attempt.expected.map(Enum::name).orElse("done"),
          1,
          Integer::sum);
      if (attempt.expected.isPresent() && nodes == model.nodes.size()) {
        return before;
      }
      Map<String, Rights> after = everyonesRights();
      sameAsTheModel(after, where);
      if (!attempt.operation.exempt) {
        nothingBeyondTheDoer(attempt.operation, before, after, where);
      }
      return after;
    }

    private record Attempt(
        Operation operation, Optional<ErrorCode> expected, Optional<ErrorCode> found) {}

    private Attempt attempt() {
      String node = node();
      String who = who(node);
      String other = node();
      return switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> put(who, node);
        case 4, 5, 6 -> remove(who, node);
        case 7, 8, 9 -> {
          UUID id = forest.id(node);
          UUID to = forest.id(other);
          yield attempt(
              new Operation("move", who, node, false, who + " moves " + node + " to " + other),
              () -> model.move(who, node, other),
              caller ->
                  drive
                      .get(Moves.class)
                      .patch(caller, id, new NodePatch(null, to, null, null, null, null), NONE));
        }
        case 10, 11 -> restore(who, random.nextBoolean() ? null : other);
        case 12 -> {
          UUID id = forest.id(node);
          yield attempt(
              new Operation("trash", who, node, false, who + " trashes " + node),
              () -> model.trash(who, node),
              caller -> drive.get(Trash.class).put(caller, id, NONE, NONE));
        }
        case 13 -> make(who, node);
        case 14 -> list(who, node);
        default -> membership();
      };
    }

    private String node() {
      return forest.oneOf(List.copyOf(model.nodes));
    }

    /** Someone, rather one who may do something there. */
    private String who(String node) {
      String who = forest.user();
      for (int more = 0; more < 3 && model.held(who, node).size() < 3; more++) {
        who = forest.user();
      }
      return who;
    }

    private Attempt put(String who, String node) {
      String subject = random.nextInt(4) == 0 ? who : subject();
      Set<Right> wanted = new HashSet<>();
      if (random.nextInt(5) > 0) {
        Set<Right> from =
            random.nextInt(6) == 0
                ? Set.of(Right.values())
                : Set.copyOf(forest.reference.of(who, node));
        Arrays.stream(Right.values())
            .filter(right -> from.contains(right) && random.nextBoolean())
            .forEach(wanted::add);
      }
      Set<Right> rights = Set.copyOf(wanted);
      List<String> words = rights.stream().map(Right::word).toList();
      UUID id = forest.id(node);
      boolean forHimself = who.equals("u1") && subject.equals(who);
      return attempt(
          new Operation(
              "put", who, node, forHimself, who + " puts " + subject + words + " on " + node),
          () -> model.put(who, node, subject, rights),
          caller -> drive.get(Permissions.class).put(caller, id, word(subject), words, NONE));
    }

    private Attempt remove(String who, String node) {
      Set<String> there = forest.reference.entries.getOrDefault(node, Map.of()).keySet();
      String subject =
          there.isEmpty() || random.nextInt(8) == 0
              ? subject()
              : forest.oneOf(there.stream().sorted().toList());
      UUID id = forest.id(node);
      return attempt(
          new Operation("remove", who, node, false, who + " removes " + subject + " on " + node),
          () -> model.remove(who, node, subject),
          caller -> drive.get(Permissions.class).delete(caller, id, word(subject), NONE));
    }

    private Attempt restore(String who, String elsewhere) {
      String node =
          tree.trashed().isEmpty()
              ? node()
              : forest.oneOf(tree.trashed().stream().sorted().toList());
      UUID id = forest.id(node);
      UUID to = elsewhere == null ? null : forest.id(elsewhere);
      return attempt(
          new Operation(
              "restore", who, node, false, who + " restores " + node + " to " + elsewhere),
          () -> model.restore(who, node, elsewhere),
          caller -> drive.get(Trash.class).restore(caller, id, to, null, NONE));
    }

    private Attempt make(String who, String parent) {
      String name = "made" + made++;
      UUID id = forest.id(parent);
      return attempt(
          new Operation("make", who, parent, false, who + " makes " + name + " in " + parent),
          () -> model.make(who, parent, name),
          caller -> {
            NodeView folder = drive.get(Folders.class).make(caller, id, name);
            forest.know(name, folder.id());
          });
    }

    private Attempt list(String who, String node) {
      Operation operation = new Operation("list", who, node, false, who + " lists " + node);
      Target target = new Target.NodeId(forest.id(node));
      return attempt(
          operation,
          () -> model.list(who, node),
          caller -> {
            Set<String> children =
                drive
                    .get(Folders.class)
                    .children(caller, target, PageRequest.of("test", 1000, null))
                    .items()
                    .stream()
                    .map(view -> forest.name(view.id()))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(children).as("%s", operation).isEqualTo(model.children(who, node));
          });
    }

    private Attempt membership() {
      String who = random.nextInt(3) > 0 ? "u1" : forest.user();
      String group = "g" + random.nextInt(Forest.GROUPS);
      String member = random.nextInt(3) == 0 ? "g" + random.nextInt(Forest.GROUPS) : forest.user();
      String name = forest.id(group).toString();
      return random.nextBoolean()
          ? attempt(
              new Operation("join", who, "t", true, who + " takes " + member + " into " + group),
              () -> model.join(who, group, member),
              caller -> drive.get(Groups.class).addMember(caller, name, word(member), NONE))
          : attempt(
              new Operation("leave", who, "t", true, who + " takes " + member + " out of " + group),
              () -> model.leave(who, group, member),
              caller -> drive.get(Groups.class).removeMember(caller, name, word(member), NONE));
    }

    private interface Expected {
      Optional<ErrorCode> code();
    }

    private interface Call {
      void by(Caller caller);
    }

    /** The product first: what it makes, the model must know by its name. */
    private Attempt attempt(Operation operation, Expected expected, Call call) {
      Optional<ErrorCode> found = Optional.empty();
      try {
        call.by(caller(operation.who));
      } catch (SkepException e) {
        found = Optional.of(e.code());
      }
      return new Attempt(operation, expected.code(), found);
    }

    private Caller caller(String user) {
      return new Caller(
          forest.id(user),
          forest.id(user).toString(),
          user.equals("u1"),
          Ids.ZERO,
          List.of(),
          "test",
          null);
    }

    private String subject() {
      return switch (random.nextInt(5)) {
        case 0, 1 -> forest.user();
        case 2, 3 -> "g" + random.nextInt(Forest.GROUPS);
        default -> "everyone";
      };
    }

    private String word(String subject) {
      return switch (subject.charAt(0)) {
        case 'u' -> "user:" + forest.id(subject);
        case 'g' -> "group:" + forest.id(subject);
        default -> subject;
      };
    }

    /** As the product has them. */
    private Map<String, Rights> everyonesRights() {
      return drive
          .get(SqlStore.class)
          .read(
              tx -> {
                Map<String, Rights> all = new HashMap<>();
                for (String node : model.nodes) {
                  for (String user : model.users) {
                    all.put(user + " on " + node, rights(tx, user, node));
                  }
                }
                return all;
              });
    }

    /**
     * By the real way, but for who is disabled, and what nobody sees below an item of the trash.
     */
    private Rights rights(Tx tx, String user, String node) {
      UUID id = forest.id(node);
      boolean item = tree.trashed().contains(node);
      String above = forest.reference.parent.get(node);
      boolean hidden = above != null && model.inTrash(above);
      if (hidden || forest.reference.disabled.contains(user)) {
        return Person.of(tx, forest.id(user)).rights(Entries.nearest(tx, id));
      }
      Access access = drive.get(Access.class);
      Caller caller = caller(user);
      try {
        return (item ? access.locateInTrash(caller, tx, id) : access.locate(caller, tx, id))
            .rights();
      } catch (SkepException none) {
        assertThat(none.code()).isEqualTo(ErrorCode.NOT_FOUND);
        return Rights.NONE;
      }
    }

    private void sameAsTheModel(Map<String, Rights> found, String where) {
      for (String node : model.nodes) {
        for (String user : model.users) {
          assertThat(Forest.rights(found.get(user + " on " + node)))
              .as("%s\nafterwards %s on %s", where, user, node)
              .isEqualTo(model.held(user, node));
        }
      }
    }

    private void nothingBeyondTheDoer(
        Operation operation, Map<String, Rights> before, Map<String, Rights> after, String where) {
      for (String node : model.nodes) {
        for (String user : model.users) {
          Rights then = before.get(user + " on " + node);
          if (then != null) {
            int changed = then.bits() ^ after.get(user + " on " + node).bits();
            Rights held = before.get(operation.who + " on " + node);
            assertThat(held.holds(new Rights(changed)))
                .as("%s\nchanges %s on %s", where, user, node)
                .isTrue();
          }
        }
      }
    }
  }

  private static Map<String, Map<String, Set<Right>>> copy(
      Map<String, Map<String, Set<Right>>> entries) {
    Map<String, Map<String, Set<Right>>> copy = new TreeMap<>();
    entries.forEach((node, here) -> copy.put(node, new TreeMap<>(here)));
    return copy;
  }

  private static final Precondition NONE = Precondition.NONE;
}
