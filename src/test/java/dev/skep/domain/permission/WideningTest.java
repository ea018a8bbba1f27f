package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P5: which moves also need {@code share}. */
@Tag("P5")
class WideningTest {

  private static final int TREES = 2_000;

  @TempDir Path data;

  @Test
  void outOfAProtectedFolderWidens() {
    try (Premises premises = new Premises(data)) {
      Caller anna = premises.user("anna");
      Premises.Place team = premises.workspace("team");
      premises.enter(team, team.rootId(), Subject.EVERYONE, Rights.of(Right.READ));
      UUID secret = premises.folder(team.rootId(), "secret");
      premises.enter(team, secret, Subject.EVERYONE, Rights.NONE);
      UUID open = premises.folder(team.rootId(), "open");
      UUID inSecret = premises.folder(secret, "paper");
      UUID inOpen = premises.folder(open, "paper");

      assertThat(widens(premises, anna, inSecret, open)).isTrue();
      assertThat(widens(premises, anna, inOpen, secret)).isFalse();
      assertThat(widens(premises, anna, inSecret, secret)).isFalse();
    }
  }

  @Test
  void losingAUsersOwnEntryWidens() {
    try (Premises premises = new Premises(data)) {
      Caller anna = premises.user("anna");
      Premises.Place team = premises.workspace("team");
      premises.enter(team, team.rootId(), Subject.EVERYONE, Rights.of(Right.READ));
      UUID without = premises.folder(team.rootId(), "without anna");
      premises.enter(team, without, anna, Rights.NONE);
      UUID paper = premises.folder(without, "paper");

      assertThat(widens(premises, anna, paper, team.rootId())).isTrue();
      premises.enter(team, paper, anna, Rights.NONE);
      assertThat(widens(premises, anna, paper, team.rootId()))
          .as("its own entry goes with it")
          .isFalse();
    }
  }

  private static boolean widens(Premises premises, Caller caller, UUID node, UUID to) {
    return premises
        .get(SqlStore.class)
        .read(tx -> premises.get(Widening.class).widens(caller, tx, node, to));
  }

  @Test
  void aMoveSaidNotToWidenGivesNobodyMoreOnAnythingBelowIt() {
    long seed = Long.getLong("skep.test.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    int narrow = 0;
    int wide = 0;
    try (Drive drive = Drive.openPlain(data)) {
      SqlStore sql = drive.get(SqlStore.class);
      Forest forest = new Forest(random, drive.get(Nodes.class), drive.get(Workspaces.class));
      List<Forest.Tree> trees = new ArrayList<>();
      sql.write(
          tx -> {
            forest.people(tx);
            for (int at = 0; at < TREES; at++) {
              trees.add(forest.tree(tx, "t" + at));
            }
            return trees;
          });
      for (Forest.Tree tree : trees) {
        String folder = forest.oneOf(tree.folders());
        String to = forest.oneOf(tree.folders());
        if (!forest.mayMove(tree, folder, to)) {
          continue;
        }
        boolean widens =
            sql.read(
                tx ->
                    drive
                        .get(Widening.class)
                        .widens(forest.caller("u1"), tx, forest.id(folder), forest.id(to)));
        if (widens) {
          wide++;
          continue;
        }
        narrow++;
        Map<String, Set<Right>> before = everyonesRights(forest, tree, folder);
        forest.reference.parent.put(folder, to);
        Map<String, Set<Right>> after = everyonesRights(forest, tree, folder);
        after.forEach(
            (who, rights) ->
                assertThat(before.get(who)).as("seed %s: %s", seed, who).containsAll(rights));
      }
    }
    assertThat(narrow).as("moves that do not widen").isGreaterThan(TREES / 10);
    assertThat(wide).as("moves that do").isGreaterThan(TREES / 20);
  }

  private static Map<String, Set<Right>> everyonesRights(
      Forest forest, Forest.Tree tree, String folder) {
    Map<String, Set<Right>> all = new HashMap<>();
    for (String below : tree.folders()) {
      if (forest.isBelow(below, folder)) {
        for (int user = 0; user < 6; user++) {
          all.put("u" + user + " on " + below, forest.reference.of("u" + user, below));
        }
      }
    }
    return all;
  }
}
