package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.SqlStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntriesOfRemovedNodesTest {

  @TempDir Path data;

  private Premises premises;
  private Caller anna;
  private Caller bob;
  private Premises.Place team;
  private UUID outer;
  private UUID inner;

  @BeforeEach
  void open() {
    premises = new Premises(data);
    anna = premises.user("anna");
    bob = premises.user("bob");
    team = premises.workspace("team");
    outer = premises.folder(team.rootId(), "outer");
    inner = premises.folder(outer, "inner");
    premises.enter(team, team.rootId(), anna, Rights.ALL);
    premises.enter(team, outer, bob, Rights.of(Right.READ, Right.DELETE));
    premises.enter(team, inner, anna, Rights.of(Right.READ));
    premises.enter(team, inner, Subject.EVERYONE, Rights.NONE);
  }

  @AfterEach
  void close() {
    premises.close();
  }

  /** Removes as the sweeper does: what is below first, each in as many calls as it takes. */
  private int remove(UUID node) {
    int calls = 0;
    boolean done;
    do {
      done =
          premises
              .get(SqlStore.class)
              .write(
                  tx -> {
                    Nodes nodes = premises.get(Nodes.class);
                    boolean all =
                        premises
                            .get(EntriesOfRemovedNodes.class)
                            .removing(tx, nodes.find(tx, node).orElseThrow());
                    if (all) {
                      nodes.delete(tx, node);
                    }
                    return all;
                  });
      calls++;
    } while (!done);
    return calls;
  }

  private List<String> inTrash(Caller caller, UUID node) {
    return premises
        .get(SqlStore.class)
        .read(tx -> premises.get(Access.class).locateInTrash(caller, tx, node))
        .rights()
        .words();
  }

  @Test
  void whatLiesInTheTrashKeepsTheRightsItHadWhenItsFoldersAreRemoved() {
    UUID paper = premises.folder(inner, "paper");
    UUID own = premises.folder(inner, "own");
    premises.enter(team, own, anna, Rights.of(Right.READ, Right.WRITE));
    premises.trash(team, paper);
    premises.trash(team, own);
    premises.trash(team, outer);
    premises.detach(outer);

    remove(inner);
    remove(outer);

    assertThat(inTrash(anna, paper)).containsExactly("read");
    assertThat(inTrash(bob, paper)).containsExactly("read", "delete");
    assertThat(inTrash(anna, own)).as("its own entry stays").containsExactly("read", "write");
    assertThat(inTrash(bob, own)).containsExactly("read", "delete");
    assertThat(premises.entries(inner) + premises.entries(outer)).isZero();
  }

  @Test
  void aPurgedNodeIsNoLongerFound() {
    premises.trash(team, outer);
    assertThat(inTrash(bob, outer)).containsExactly("read", "delete");
    premises.detach(outer);
    assertThatThrownBy(() -> inTrash(bob, outer)).isInstanceOf(SkepException.class);
  }

  @Test
  void manyEntriesAndHeirsTakeSeveralTransactionsAndNoneIsForgotten() {
    for (int at = 0; at < 300; at++) {
      premises.enter(team, inner, Subject.user(UUID.randomUUID()), Rights.of(Right.READ));
    }
    List<UUID> heirs = new ArrayList<>();
    for (int at = 0; at < 4; at++) {
      UUID heir = premises.folder(inner, "heir " + at);
      premises.trash(team, heir);
      heirs.add(heir);
    }

    assertThat(remove(inner)).isGreaterThan(heirs.size());

    assertThat(heirs)
        .allSatisfy(heir -> assertThat(premises.entries(heir)).isEqualTo(302))
        .allSatisfy(heir -> assertThat(inTrash(anna, heir)).containsExactly("read"));
    assertThat(premises.entries(inner)).isZero();
  }
}
