package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.files.Moves;
import dev.skep.domain.files.NodePatch;
import dev.skep.domain.files.NodeView;
import dev.skep.domain.files.Trash;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves and restores need what a copy, a share and a delete would need. */
@Tag("P5")
class RelocationTest {

  private static final Precondition NONE = Precondition.NONE;
  private static final Rights WRITER = Rights.of(Right.READ, Right.WRITE, Right.DELETE);

  @TempDir Path data;

  private Premises premises;
  private Caller bob;
  private Caller eve;
  private Premises.Place team;
  private UUID from;
  private UUID to;
  private UUID paper;

  @BeforeEach
  void open() {
    premises = new Premises(data);
    bob = premises.user("bob");
    eve = premises.user("eve");
    team = premises.workspace("team");
    from = premises.folder(team.rootId(), "from");
    to = premises.folder(team.rootId(), "to");
    paper = premises.folder(from, "paper");
  }

  @AfterEach
  void close() {
    premises.close();
  }

  private void may(Caller who, UUID node, Rights rights) {
    premises.enter(team, node, who, rights);
  }

  private void may(UUID node, Rights everyone) {
    premises.enter(team, node, Subject.EVERYONE, everyone);
  }

  private NodeView move(UUID node, UUID target) {
    return premises
        .get(Moves.class)
        .patch(bob, node, new NodePatch(null, target, null, null, null, null), NONE);
  }

  private NodeView restore(UUID node, @Nullable UUID target) {
    return premises.get(Trash.class).restore(bob, node, target, null, NONE);
  }

  private void forbidden(Runnable act) {
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(
            SkepException.class,
            e -> assertThat(e.code()).as(e.detail()).isEqualTo(ErrorCode.FORBIDDEN));
  }

  @Test
  void aMoveGivesTheMoverNothingThatHeDidNotHold() {
    may(bob, from, Rights.of(Right.DELETE, Right.SHARE));
    may(bob, to, Rights.of(Right.READ, Right.WRITE));
    forbidden(() -> move(paper, to));
  }

  @Test
  void aRestoreGivesHimNothingEither() {
    may(bob, from, Rights.of(Right.DELETE, Right.SHARE));
    may(bob, to, Rights.of(Right.READ, Right.WRITE));
    premises.trash(team, paper);
    forbidden(() -> restore(paper, to));
  }

  @Test
  void aMoveGivesOthersNothingBelowThatTheMoverDoesNotHoldThere() {
    may(bob, from, Rights.ALL);
    may(bob, to, Rights.ALL);
    may(to, Rights.of(Right.READ));
    UUID secret = premises.folder(paper, "secret");
    may(bob, secret, Rights.of(Right.WRITE));

    forbidden(() -> move(paper, to));
    premises.enter(team, secret, Subject.EVERYONE, Rights.NONE);
    move(paper, to);
  }

  @Test
  void takingRightsFromOthersNeedsShareToo() {
    may(bob, team.rootId(), WRITER);
    may(from, Rights.of(Right.READ));
    forbidden(() -> move(paper, to));
    premises.trash(team, paper);
    forbidden(() -> restore(paper, to));
  }

  @Test
  void outOfAProtectedFolderNeedsShare() {
    may(team.rootId(), Rights.of(Right.READ));
    may(from, Rights.NONE);
    may(bob, team.rootId(), WRITER);
    forbidden(() -> move(paper, to));
  }

  @Test
  void losingAUsersOwnEntryIsAChangeOfHisRights() {
    may(team.rootId(), Rights.of(Right.READ));
    may(eve, from, Rights.NONE);
    may(bob, team.rootId(), WRITER);

    forbidden(() -> move(paper, to));
    may(eve, paper, Rights.NONE);
    move(paper, to);
  }

  @Test
  void whereNothingChangesForAnyoneItNeedsNoShare() {
    may(bob, team.rootId(), Rights.of(Right.WRITE, Right.DELETE));
    may(eve, team.rootId(), Rights.ALL);
    may(from, Rights.of(Right.READ));
    may(to, Rights.of(Right.READ));
    move(paper, to);
    premises.trash(team, paper);
    restore(paper, from);
  }

  @Test
  void aRestoreNeedsWriteAtTheTarget() {
    may(bob, from, Rights.ALL);
    may(bob, to, Rights.of(Right.READ, Right.DELETE, Right.SHARE, Right.ADMIN));
    premises.trash(team, paper);
    forbidden(() -> restore(paper, to));
  }

  @Test
  void aRestoreNeedsWriteAlsoAtTheOldPlace() {
    may(bob, from, Rights.of(Right.READ, Right.DELETE, Right.SHARE, Right.ADMIN));
    premises.trash(team, paper);
    forbidden(() -> restore(paper, null));
  }

  @Test
  void eachRaisesTheRightsEpoch() {
    may(bob, team.rootId(), Rights.ALL);
    long epoch = premises.rightsEpoch(team);
    move(paper, to);
    assertThat(premises.rightsEpoch(team)).isEqualTo(epoch + 1);
    premises.get(Trash.class).put(bob, paper, NONE, NONE);
    assertThat(premises.rightsEpoch(team)).isEqualTo(epoch + 2);
    restore(paper, from);
    assertThat(premises.rightsEpoch(team)).isEqualTo(epoch + 3);
  }
}
