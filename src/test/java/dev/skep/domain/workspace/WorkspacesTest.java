package dev.skep.domain.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.permission.Premises;
import dev.skep.domain.permission.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacesTest {

  private static final Precondition NONE = Precondition.NONE;

  @TempDir Path data;

  private Premises premises;
  private WorkspaceDirectory directory;
  private WorkspaceAdministration administration;
  private Caller admin;
  private Caller anna;

  @BeforeEach
  void open() {
    premises = new Premises(data.resolve(UUID.randomUUID().toString()));
    directory = premises.get(WorkspaceDirectory.class);
    administration = premises.get(WorkspaceAdministration.class);
    admin = premises.administrator("root");
    anna = premises.user("anna");
  }

  @AfterEach
  void close() {
    premises.close();
  }

  private List<String> slugs(Caller caller) {
    return directory.list(caller, PageRequest.of("workspaces", null, null)).items().stream()
        .map(WorkspaceView::slug)
        .toList();
  }

  private WorkspaceView create(String slug) {
    return administration.create(admin, new NewWorkspace(slug, null, null));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  @Test
  void anAdministratorWhoIsDemotedWhileTheRequestWaitsChangesNothing() {
    create("team");
    premises.workspace("others");
    premises.demote(admin);
    WorkspaceChange renamed = new WorkspaceChange("New", null);
    WorkspaceChange larger = new WorkspaceChange(null, 5L);

    refused(ErrorCode.FORBIDDEN, () -> create("late"));
    refused(ErrorCode.FORBIDDEN, () -> administration.delete(admin, "team", NONE));
    refused(ErrorCode.FORBIDDEN, () -> administration.change(admin, "team", larger, NONE));
    refused(ErrorCode.NOT_FOUND, () -> administration.change(admin, "others", renamed, NONE));
  }

  @Nested
  class Seeing {

    @Test
    void listsThoseWhereAnEntryGivesSomethingToHimHisGroupsOrEveryone() {
      premises.home(anna);
      UUID inner = premises.group("inner", anna);
      UUID outer = premises.group("outer");
      premises.nest(outer, inner);
      Premises.Place byGroup = premises.workspace("by-group");
      premises.enter(
          byGroup,
          premises.folder(byGroup.rootId(), "deep"),
          Subject.group(outer),
          Rights.of(Right.READ));
      Premises.Place byEveryone = premises.workspace("by-everyone");
      premises.enter(byEveryone, byEveryone.rootId(), Subject.EVERYONE, Rights.of(Right.READ));
      Premises.Place empty = premises.workspace("empty-entry");
      premises.enter(empty, empty.rootId(), anna, Rights.NONE);
      premises.workspace("without");

      assertThat(slugs(anna)).containsExactly("by-everyone", "by-group", "home");
      refused(ErrorCode.NOT_FOUND, () -> directory.get(anna, "without"));
      refused(ErrorCode.NOT_FOUND, () -> directory.get(anna, "empty-entry"));
      premises.disable(anna);
      assertThat(slugs(anna)).isEmpty();
    }

    @Test
    void homeIsTheCallersOwnAndHasASlugForOthers() {
      Premises.Place home = premises.home(anna);
      assertThat(directory.get(anna, "home").rootId()).isEqualTo(home.rootId());
      assertThat(directory.get(anna, "home-anna").slug()).isEqualTo("home");
      assertThat(directory.get(admin, "home-anna").slug()).isEqualTo("home-anna");
      refused(ErrorCode.NOT_FOUND, () -> directory.get(admin, "home"));
    }

    @Test
    void anAdministratorFindsEveryOneByItsSlugButListsOnlyHisOwn() {
      premises.workspace("others");
      assertThat(directory.get(admin, "others").slug()).isEqualTo("others");
      assertThat(slugs(admin)).isEmpty();
    }

    @Test
    void aScopedTokenSeesWhatItsScopesOpen() {
      premises.home(anna);
      Premises.Place team = premises.workspace("team");
      premises.enter(team, team.rootId(), anna, Rights.ALL);
      UUID folder = premises.folder(team.rootId(), "folder");
      Caller scoped = scoped(anna, folder);

      assertThat(slugs(scoped)).containsExactly("team");
      assertThat(directory.get(scoped, "team").slug()).isEqualTo("team");
      refused(ErrorCode.NOT_FOUND, () -> directory.get(scoped, "home"));
      refused(ErrorCode.NOT_FOUND, () -> directory.get(scoped(admin, folder), "team"));
    }

    @Test
    void pagesFollowEachOtherBySlugWithoutGapOrRepeat() {
      List<String> expected = new ArrayList<>();
      for (int at = 0; at < 7; at++) {
        expected.add(create("team-" + at).slug());
      }
      List<String> found = new ArrayList<>();
      @Nullable String cursor = null;
      do {
        Page<WorkspaceView> page = directory.list(admin, PageRequest.of("workspaces", 3, cursor));
        page.items().forEach(item -> found.add(item.slug()));
        cursor = page.nextCursor();
      } while (cursor != null);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Nested
  class Making {

    @Test
    void givesItsCreatorAllRightsOnTheRootAndTellsBothStreamsOfEvents() {
      WorkspaceView made = administration.create(admin, new NewWorkspace("team", "The team", 500L));

      assertThat(made.name()).isEqualTo("The team");
      assertThat(made.quota()).isEqualTo(500);
      assertThat(made.used()).isZero();
      assertThat(slugs(admin)).containsExactly("team");
      assertThat(directory.get(admin, "team")).isEqualTo(made);
      assertThat(premises.entries(made.rootId())).isEqualTo(1);
      assertThat(premises.events(Ids.ZERO).getLast()).contains("workspace.created", "team");
    }

    @Test
    void isForAdministrators() {
      refused(
          ErrorCode.FORBIDDEN,
          () -> administration.create(anna, new NewWorkspace("team", null, null)));
      assertThat(premises.events(Ids.ZERO)).isEmpty();
    }

    @Test
    void refusesATakenOrReservedOrIllegalSlug() {
      create("team");
      refused(ErrorCode.NAME_TAKEN, () -> create("team"));
      for (String bad :
          List.of("home", "home-x1", "ab", "-abc", "abc-", "Abc", "a_b", "a.b", "a".repeat(64))) {
        refused(ErrorCode.MALFORMED, () -> create(bad));
      }
      assertThat(create("a".repeat(63)).slug()).hasSize(63);
      refused(
          ErrorCode.MALFORMED,
          () -> administration.create(admin, new NewWorkspace("team2", " ", null)));
      refused(
          ErrorCode.MALFORMED,
          () -> administration.create(admin, new NewWorkspace("team2", null, -2L)));
      refused(
          ErrorCode.MALFORMED,
          () -> administration.create(admin, new NewWorkspace(null, null, null)));
    }

    @Test
    void aRepeatedRequestUnderItsKeyGetsTheFirstAnswer() {
      Caller keyed = admin.with(new Caller.RequestKey("k1", new byte[] {1}));
      WorkspaceView first = administration.create(keyed, new NewWorkspace("team", null, null));
      WorkspaceView again = administration.create(keyed, new NewWorkspace("team", null, null));

      assertThat(again).isEqualTo(first);
      assertThat(premises.events(Ids.ZERO)).hasSize(1);
      Caller other = admin.with(new Caller.RequestKey("k1", new byte[] {2}));
      refused(
          ErrorCode.KEY_REUSED,
          () -> administration.create(other, new NewWorkspace("other", null, null)));
    }
  }

  @Nested
  class Changing {

    @Test
    void theNameNeedsAdminOnTheRootAndTheQuotaAnAdministrator() {
      Premises.Place team = premises.workspace("team");
      premises.enter(team, team.rootId(), anna, Rights.of(Right.READ));
      WorkspaceChange name = new WorkspaceChange("New", null);
      refused(ErrorCode.FORBIDDEN, () -> administration.change(anna, "team", name, NONE));

      Caller bob = premises.user("bob");
      premises.enter(team, team.rootId(), bob, Rights.ALL);
      WorkspaceView renamed = administration.change(bob, "team", name, NONE);
      assertThat(renamed.name()).isEqualTo("New");
      assertThat(renamed.revision()).isEqualTo(2);

      WorkspaceChange quota = new WorkspaceChange(null, 10L);
      refused(ErrorCode.FORBIDDEN, () -> administration.change(bob, "team", quota, NONE));
      WorkspaceView limited = administration.change(admin, "team", quota, NONE);
      assertThat(limited.quota()).isEqualTo(10);
      assertThat(limited.name()).isEqualTo("New");
      assertThat(premises.events(team.id())).hasSize(2);
    }

    @Test
    void whatIsSoAlreadyIsNoChange() {
      create("team");
      WorkspaceView same =
          administration.change(admin, "team", new WorkspaceChange("team", -1L), NONE);
      assertThat(same.revision()).isEqualTo(1);
    }

    @Test
    void aStaleETagIsRefused() {
      create("team");
      Precondition stale = new Precondition(List.of("7"), List.of());
      refused(
          ErrorCode.PRECONDITION_FAILED,
          () -> administration.change(admin, "team", new WorkspaceChange("x", null), stale));
      refused(ErrorCode.PRECONDITION_FAILED, () -> administration.delete(admin, "team", stale));
    }

    @Test
    void strangersLearnNothing() {
      create("team");
      refused(
          ErrorCode.NOT_FOUND,
          () -> administration.change(anna, "team", new WorkspaceChange("x", null), NONE));
      refused(ErrorCode.NOT_FOUND, () -> administration.delete(anna, "team", NONE));
    }
  }

  @Nested
  class Removing {

    @Test
    void anEmptyOneGoesWithItsEntriesAndItsSlugIsFree() {
      WorkspaceView made = create("team");
      administration.delete(admin, "team", NONE);
      refused(ErrorCode.NOT_FOUND, () -> directory.get(admin, "team"));
      assertThat(premises.entries(made.rootId())).isZero();
      assertThat(create("team").rootId()).isNotEqualTo(made.rootId());
    }

    @Test
    void oneThatHoldsAnythingStaysAlsoInItsTrash() {
      Premises.Place team = premises.workspace("team");
      UUID folder = premises.folder(team.rootId(), "folder");
      refused(ErrorCode.NOT_EMPTY, () -> administration.delete(admin, "team", NONE));
      premises.trash(team, folder);
      refused(ErrorCode.NOT_EMPTY, () -> administration.delete(admin, "team", NONE));
      premises.purge(team, folder);
      refused(ErrorCode.NOT_EMPTY, () -> administration.delete(admin, "team", NONE));
    }

    @Test
    void aPersonalOneGoesWithItsUserOnly() {
      premises.home(anna);
      refused(ErrorCode.FORBIDDEN, () -> administration.delete(admin, "home-anna", NONE));
      refused(ErrorCode.FORBIDDEN, () -> administration.delete(anna, "home", NONE));
    }
  }

  private static Caller scoped(Caller caller, UUID node) {
    return new Caller(
        caller.accountId(),
        caller.name(),
        caller.admin(),
        caller.credentialId(),
        List.of(new Caller.Scope(node, Rights.of(Right.READ))),
        "test",
        null);
  }
}
