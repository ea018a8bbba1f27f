package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.Drive;
import dev.skep.testkit.tier.OnlyInSoak;
import dev.skep.testkit.tier.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * P9: the real path, on SQLite, gives what the reference function gives. Each run has trees of its
 * own; a failure names the seed that repeats it ({@code -Dskep.test.seed=…}).
 */
@Tag("P9")
class RightsPropertyTest {

  private static final int TREES_A_FOREST = 500;
  private static final int CHECKS_A_TREE = 2;

  @TempDir Path folder;

  @Test
  void theDomainGivesEveryoneExactlyWhatTheReferenceGives() {
    compare(Tier.count(3_000, 10_000, 10_000));
  }

  @Test
  @OnlyInSoak
  void alsoOnAHundredThousandTrees() {
    compare(100_000);
  }

  private void compare(int trees) {
    long seed = Long.getLong("skep.test.seed", System.nanoTime());
    SplittableRandom seeds = new SplittableRandom(seed);
    Seen seen = new Seen();
    try (Drive drive = Drive.openPlain(folder)) {
      for (int made = 0; made < trees; made += TREES_A_FOREST) {
        check(drive, seeds.split(), "seed " + seed, seen);
      }
    }
    System.out.println("P9: " + trees + " random trees, seed " + seed + ", " + seen);
    assertThat(seen.some).as("callers with rights").isGreaterThan(trees / 4);
    assertThat(seen.none).as("callers without").isGreaterThan(trees / 10);
    assertThat(seen.trashed).as("nodes of the trash").isGreaterThan(trees / 20);
    assertThat(seen.scoped).as("scoped tokens").isGreaterThan(trees / 10);
    assertThat(seen.children).as("children in listings").isGreaterThan(trees / 20);
  }

  /** How often a case came up: a comparison of nothing with nothing would prove nothing. */
  private static final class Seen {
    int some;
    int none;
    int trashed;
    int scoped;
    int children;

    @Override
    public String toString() {
      return some
          + " with rights, "
          + none
          + " without, "
          + trashed
          + " in the trash, "
          + scoped
          + " scoped, "
          + children
          + " children";
    }
  }

  private static void check(Drive drive, SplittableRandom random, String seed, Seen seen) {
    Forest forest = new Forest(random, drive.get(Nodes.class), drive.get(Workspaces.class));
    List<Forest.Tree> trees = new ArrayList<>();
    SqlStore sql = drive.get(SqlStore.class);
    sql.write(
        tx -> {
          forest.people(tx);
          for (int at = 0; at < TREES_A_FOREST; at++) {
            trees.add(forest.tree(tx, "t" + at));
          }
          return trees;
        });
    Access access = drive.get(Access.class);
    Nodes nodes = drive.get(Nodes.class);
    sql.read(
        tx -> {
          for (Forest.Tree tree : trees) {
            for (int at = 0; at < CHECKS_A_TREE; at++) {
              compare(forest, tree, access, nodes, tx, random, seed, seen);
            }
          }
          return trees;
        });
  }

  private static void compare(
      Forest forest,
      Forest.Tree tree,
      Access access,
      Nodes nodes,
      Tx tx,
      SplittableRandom random,
      String seed,
      Seen seen) {
    String user = forest.user();
    String node = forest.oneOf(tree.folders());
    String scopeNode = random.nextInt(4) == 0 ? forest.oneOf(tree.folders()) : null;
    Rights scope = new Rights(random.nextInt(32));
    Caller caller =
        scopeNode == null
            ? forest.caller(user)
            : forest.caller(user, new Caller.Scope(forest.id(scopeNode), scope));
    Expected expected = new Expected(forest, tree, user, scopeNode, scope);
    boolean trashed = tree.trashed().contains(node);
    Set<Right> found = found(access, caller, tx, forest.id(node), trashed);

    assertThat(found).as("%s: %s on %s of %s", seed, user, node, tree).isEqualTo(expected.of(node));
    seen.some += found.isEmpty() ? 0 : 1;
    seen.none += found.isEmpty() ? 1 : 0;
    seen.trashed += trashed && !found.isEmpty() ? 1 : 0;
    seen.scoped += scopeNode == null ? 0 : 1;
    if (!found.isEmpty() && !trashed) {
      Located located = access.locate(caller, tx, forest.id(node));
      List<Node> children = nodes.children(tx, forest.id(node), "", 100);
      Map<UUID, Rights> each = access.childRights(caller, tx, located, children, "");
      for (Node child : children) {
        String name = forest.name(child.id());
        assertThat(Forest.rights(each.get(child.id())))
            .as("%s: %s on the child %s of %s", seed, user, name, tree)
            .isEqualTo(expected.of(name));
        seen.children++;
      }
    }
  }

  private record Expected(
      Forest forest, Forest.Tree tree, String user, String scopeNode, Rights scope) {

    Set<Right> of(String node) {
      String parent = forest.reference.parent.get(node);
      boolean hidden =
          parent != null && forest.inTrash(tree, parent) && !tree.trashed().contains(node);
      if (hidden) {
        return Set.of();
      }
      Set<Right> rights = EnumSet.noneOf(Right.class);
      rights.addAll(forest.reference.of(user, node));
      if (scopeNode != null) {
        rights.retainAll(forest.isBelow(node, scopeNode) ? Forest.rights(scope) : Set.of());
      }
      return rights;
    }
  }

  private static Set<Right> found(Access access, Caller caller, Tx tx, UUID node, boolean trashed) {
    try {
      Located located =
          trashed ? access.locateInTrash(caller, tx, node) : access.locate(caller, tx, node);
      return Forest.rights(located.rights());
    } catch (SkepException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
      return Set.of();
    }
  }
}
