package dev.skep.domain.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.identity.Groups;
import dev.skep.port.sql.SqlStore;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionsTest {

  private static final Precondition NONE = Precondition.NONE;

  @TempDir Path data;

  private Premises premises;
  private Permissions permissions;
  private Caller anna;
  private Caller bob;
  private Caller admin;
  private Premises.Place team;
  private UUID folder;

  @BeforeEach
  void open() {
    premises = new Premises(data.resolve(UUID.randomUUID().toString()));
    permissions = premises.get(Permissions.class);
    anna = premises.user("anna");
    bob = premises.user("bob");
    admin = premises.administrator("root");
    team = premises.workspace("team");
    premises.enter(team, team.rootId(), anna, Rights.ALL);
    folder = premises.folder(team.rootId(), "folder");
  }

  @AfterEach
  void close() {
    premises.close();
  }

  private Permissions.Written put(Caller caller, UUID node, String subject, String... rights) {
    return permissions.put(caller, node, subject, List.of(rights), NONE);
  }

  private List<String> rightsOf(Caller caller, UUID node) {
    return premises
        .get(SqlStore.class)
        .read(tx -> premises.get(Access.class).locate(caller, tx, node))
        .rights()
        .words();
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  @Nested
  class Listing {

    @Test
    void showsOwnEntriesThoseThatComeFromAboveAndTheCallersRights() {
      premises.group("staff");
      put(anna, team.rootId(), "group:staff", "read");
      put(anna, folder, "user:bob", "read", "write");

      NodePermissions shown = permissions.list(bob, folder);

      assertThat(shown.own())
          .extracting(PermissionEntry::subject, PermissionEntry::rights, PermissionEntry::from)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("user:bob", List.of("read", "write"), folder));
      assertThat(shown.inherited())
          .extracting(PermissionEntry::subject, PermissionEntry::from)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("group:staff", team.rootId()),
              org.assertj.core.groups.Tuple.tuple("user:anna", team.rootId()));
      assertThat(shown.effective()).containsExactly("read", "write");
    }

    @Test
    void anOwnEntryHidesTheInheritedOneOfItsSubject() {
      put(anna, team.rootId(), "everyone", "read");
      put(anna, folder, "everyone");

      NodePermissions shown = permissions.list(anna, folder);

      assertThat(shown.own()).extracting(PermissionEntry::subject).containsExactly("everyone");
      assertThat(shown.own().getFirst().rights()).isEmpty();
      assertThat(shown.inherited())
          .extracting(PermissionEntry::subject)
          .containsExactly("user:anna");
    }

    @Test
    void needsReadAndTellsStrangersNothing() {
      refused(ErrorCode.NOT_FOUND, () -> permissions.list(bob, folder));
      put(anna, folder, "user:bob", "write");
      refused(ErrorCode.FORBIDDEN, () -> permissions.list(bob, folder));
    }
  }

  @Nested
  class Granting {

    @Test
    void firstMakesThenReplacesAndEachTimeGivesANewRevision() {
      Permissions.Written first = put(anna, folder, "user:bob", "read");
      Permissions.Written second = put(anna, folder, "user:bob", "read", "write");

      assertThat(first.created()).isTrue();
      assertThat(second.created()).isFalse();
      assertThat(second.entry().revision()).isGreaterThan(first.entry().revision());
      assertThat(rightsOf(bob, folder)).containsExactly("read", "write");
    }

    @Test
    void anEntryMadeAnewNeverRepeatsAnOldETag() {
      long first = put(anna, folder, "user:bob", "read").entry().revision();
      permissions.delete(anna, folder, "user:bob", NONE);
      assertThat(put(anna, folder, "user:bob", "write").entry().revision()).isGreaterThan(first);
    }

    @Test
    void whatIsThereAlreadyChangesNothingAndTellsNobody() {
      put(anna, folder, "user:bob", "read");
      int events = premises.events(team.id()).size();
      long epoch = premises.rightsEpoch(team);

      Permissions.Written again = put(anna, folder, "user:bob", "read");

      assertThat(again.created()).isFalse();
      assertThat(premises.events(team.id())).hasSize(events);
      assertThat(premises.rightsEpoch(team)).isEqualTo(epoch);
    }

    @Test
    void raisesTheRightsEpochAndTellsTheOutboxTheWholeEntry() {
      long epoch = premises.rightsEpoch(team);
      put(anna, folder, "user:bob", "read");

      assertThat(premises.rightsEpoch(team)).isEqualTo(epoch + 1);
      assertThat(premises.events(team.id()).getLast())
          .contains("permission.granted", "user:bob", bob.accountId().toString(), "\"read\"")
          .contains("\"byAdministration\":false");
    }

    @Test
    void needsShare() {
      put(anna, folder, "user:bob", "read", "write");
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "everyone", "read"));
    }

    @Test
    void nobodyGrantsMoreThanHeHolds() {
      put(anna, folder, "user:bob", "read", "share");
      put(bob, folder, "everyone", "read");
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "everyone", "read", "write"));
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:bob", "read", "share", "admin"));
      assertThat(rightsOf(bob, folder)).containsExactly("read", "share");
    }

    @Test
    void nobodyTakesWhatHeDoesNotHold() {
      put(anna, folder, "user:bob", "read", "share");
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:anna"));
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:anna", "read"));
      assertThat(rightsOf(anna, folder)).hasSize(5);
    }

    @Test
    void anEntryThatHoldsMoreThanTheCallerIsNotHisToChangeOrRemove() {
      put(anna, folder, "user:bob", "read", "share");
      put(anna, folder, "everyone", "read", "write");
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "everyone", "write"));
      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "everyone", NONE));
    }

    @Test
    void removingAnEmptyEntryGivesBackOnlyWhatTheCallerHolds() {
      put(anna, team.rootId(), "everyone", "read", "write");
      put(anna, folder, "everyone");
      put(anna, folder, "user:bob", "read", "share");

      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "everyone", NONE));
      permissions.delete(anna, folder, "everyone", NONE);

      assertThat(rightsOf(premises.user("carl"), folder)).containsExactly("read", "write");
    }

    @Test
    void removingAUsersEntryCountsWhatHisGroupsThenGiveHimEvenWhileHeIsDisabled() {
      Caller carl = premises.user("carl");
      premises.nest(premises.group("all"), premises.group("staff", carl));
      put(anna, team.rootId(), "group:all", "read", "delete");
      put(anna, folder, "user:carl");
      put(anna, folder, "user:bob", "read", "share");
      premises.disable(carl);

      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "user:carl", NONE));
    }

    @Test
    void aScopedTokenGrantsOnlyWhatItsScopeLetsThrough() {
      Caller scoped = scoped(anna, folder, Rights.of(Right.READ, Right.SHARE));
      put(scoped, folder, "user:bob", "read");
      refused(ErrorCode.FORBIDDEN, () -> put(scoped, folder, "user:bob", "read", "write"));
      refused(ErrorCode.NOT_FOUND, () -> put(scoped, team.rootId(), "user:bob", "read"));
    }

    @Test
    void unknownSubjectsRightsAndNodesAreNamed() {
      refused(ErrorCode.NOT_FOUND, () -> put(anna, folder, "user:nobody", "read"));
      refused(ErrorCode.NOT_FOUND, () -> put(anna, folder, "group:nobody", "read"));
      refused(ErrorCode.MALFORMED, () -> put(anna, folder, "link:x", "read"));
      refused(ErrorCode.MALFORMED, () -> put(anna, folder, "everyone", "reed"));
      refused(ErrorCode.NOT_FOUND, () -> put(anna, UUID.randomUUID(), "everyone", "read"));
      refused(ErrorCode.NOT_FOUND, () -> permissions.delete(anna, folder, "user:bob", NONE));
    }

    @Test
    void aNodeInTheTrashHasNoPermissionsToChange() {
      premises.trash(team, folder);
      refused(ErrorCode.NOT_FOUND, () -> put(anna, folder, "user:bob", "read"));
      refused(ErrorCode.NOT_FOUND, () -> permissions.list(anna, folder));
    }

    @Test
    void aNodeCarriesABoundedNumberOfEntries() {
      for (int at = 0; at < Permissions.MAX_ENTRIES; at++) {
        premises.enter(team, folder, Subject.user(UUID.randomUUID()), Rights.of(Right.READ));
      }
      refused(ErrorCode.MALFORMED, () -> put(anna, folder, "user:bob", "read"));
    }
  }

  /** What an entry does to the rights on what lies below it. */
  @Nested
  class Below {

    private UUID deep;

    @BeforeEach
    void makeDeep() {
      deep = premises.folder(premises.folder(folder, "between"), "deep");
    }

    @Test
    void removingOnesOwnEntryGivesOneNothingThere() {
      premises.group("staff", bob);
      put(anna, folder, "group:staff", "read", "share");
      put(anna, folder, "user:bob", "read", "share");
      put(anna, deep, "group:staff", "read", "write", "delete", "share");

      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "user:bob", NONE));
      assertThat(rightsOf(bob, deep)).containsExactly("read", "share");
    }

    @Test
    void aUsersEntryTakesNothingThereThatTheCallerDoesNotHold() {
      Caller carl = premises.user("carl");
      premises.group("staff", carl);
      put(anna, folder, "user:bob", "read", "share", "admin");
      put(anna, deep, "group:staff", "read", "write");

      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:carl", "read"));
      assertThat(rightsOf(carl, deep)).containsExactly("read", "write");
    }

    @Test
    void aGroupsEntryGivesNothingThereThatTheCallerDoesNotHold() {
      Caller carl = premises.user("carl");
      premises.group("staff", carl);
      put(anna, folder, "user:bob", "read", "share");
      put(anna, deep, "user:bob", "share");

      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "group:staff", "read"));
      put(anna, deep, "group:staff");
      put(bob, folder, "group:staff", "read");
      assertThat(rightsOf(carl, folder)).containsExactly("read");
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(carl, deep));
    }

    @Test
    void entriesOfUsersAndEmptyOnesNeedAdminWhereOthersLieBelow() {
      premises.group("staff");
      put(anna, folder, "user:bob", "read", "write", "share");
      put(anna, folder, "everyone");
      put(bob, folder, "group:staff", "read");
      put(bob, folder, "user:root", "read");
      put(anna, deep, "group:staff", "read");

      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:root"));
      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "user:root", NONE));
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "group:staff"));
      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "everyone", NONE));
      put(bob, folder, "group:staff", "read", "write");

      put(anna, folder, "user:bob", "read", "write", "share", "admin");
      put(bob, folder, "user:root");
      permissions.delete(bob, folder, "everyone", NONE);
    }

    @Test
    void evenOneThatSaysWhatIsInheritedNeedsAdminThere() {
      put(anna, folder, "user:bob", "read", "share");
      put(anna, team.rootId(), "user:root", "read");
      put(anna, deep, "everyone", "read");
      refused(ErrorCode.FORBIDDEN, () -> put(bob, folder, "user:root", "read"));
    }

    @Test
    void whatLiesInTheTrashAndInheritsFromItCountsToo() {
      premises.group("staff", bob);
      put(anna, folder, "user:bob", "read", "share", "admin");
      put(anna, deep, "group:staff", "read", "write");
      premises.trash(team, deep);

      refused(ErrorCode.FORBIDDEN, () -> permissions.delete(bob, folder, "user:bob", NONE));
    }
  }

  @Nested
  class Preconditions {

    @Test
    void ifNoneMatchStarOnlyCreates() {
      Precondition creates = new Precondition(List.of(), List.of("*"));
      permissions.put(anna, folder, "user:bob", List.of("read"), creates);
      refused(
          ErrorCode.PRECONDITION_FAILED,
          () -> permissions.put(anna, folder, "user:bob", List.of("write"), creates));
    }

    @Test
    void ifMatchNeedsTheEntrysOwnRevision() {
      long revision = put(anna, folder, "user:bob", "read").entry().revision();
      Precondition stale = new Precondition(List.of("" + (revision + 1)), List.of());
      Precondition fresh = new Precondition(List.of("" + revision), List.of());

      refused(
          ErrorCode.PRECONDITION_FAILED,
          () -> permissions.put(anna, folder, "user:bob", List.of("write"), stale));
      refused(
          ErrorCode.PRECONDITION_FAILED, () -> permissions.delete(anna, folder, "user:bob", stale));
      permissions.delete(anna, folder, "user:bob", fresh);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(bob, folder));
    }
  }

  @Nested
  class Administrators {

    @Test
    void addAnEntryForThemselvesWithoutAnyRightWhichTheEventTells() {
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(admin, folder));

      put(admin, folder, "user:root", "read", "admin");

      assertThat(rightsOf(admin, folder)).containsExactly("read", "admin");
      assertThat(premises.events(team.id()).getLast()).contains("\"byAdministration\":true");
    }

    @Test
    void doNothingElseBeyondTheirRights() {
      refused(ErrorCode.NOT_FOUND, () -> put(admin, folder, "user:bob", "read"));
      refused(ErrorCode.NOT_FOUND, () -> put(admin, folder, "everyone", "read"));
      refused(ErrorCode.NOT_FOUND, () -> permissions.delete(admin, folder, "user:anna", NONE));
      refused(ErrorCode.NOT_FOUND, () -> permissions.list(admin, folder));
      Caller scoped = scoped(admin, folder, Rights.ALL);
      refused(ErrorCode.NOT_FOUND, () -> put(scoped, folder, "user:root", "read"));
    }

    @Test
    void whoIsNoneCannotAddHimself() {
      refused(ErrorCode.NOT_FOUND, () -> put(bob, folder, "user:bob", "read"));
    }

    @Test
    void whoIsDemotedWhileHisRequestWaitsAddsNothing() {
      premises.demote(admin);
      refused(ErrorCode.NOT_FOUND, () -> put(admin, folder, "user:root", "read"));
    }

    @Test
    void withinTheirRightsTheyAreLikeEveryoneElse() {
      put(anna, folder, "user:root", "read", "share");
      put(admin, folder, "user:root", "read");
      assertThat(premises.events(team.id()).getLast()).contains("\"byAdministration\":false");
    }
  }

  @Nested
  class TheLastOne {

    @Test
    void whoAdministersASharedWorkspaceStays() {
      refused(
          ErrorCode.LAST_ADMIN, () -> permissions.delete(anna, team.rootId(), "user:anna", NONE));
      refused(ErrorCode.LAST_ADMIN, () -> put(anna, team.rootId(), "user:anna", "read"));

      put(anna, team.rootId(), "user:bob", "read", "write", "delete", "share", "admin");
      permissions.delete(anna, team.rootId(), "user:anna", NONE);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(anna, team.rootId()));
    }

    @Test
    void aGroupInWhichNobodyIsAdministersNothing() {
      premises.group("nobodies");
      String[] all = {"read", "write", "delete", "share", "admin"};
      put(anna, team.rootId(), "group:nobodies", all);
      refused(
          ErrorCode.LAST_ADMIN, () -> permissions.delete(anna, team.rootId(), "user:anna", NONE));

      premises.group("somebodies", bob);
      put(anna, team.rootId(), "group:somebodies", all);
      permissions.delete(anna, team.rootId(), "user:anna", NONE);
    }

    @Test
    void theLastOneWhoAdministersByAGroupStaysInIt() {
      premises.group("staff", bob);
      String[] all = {"read", "write", "delete", "share", "admin"};
      put(anna, team.rootId(), "group:staff", all);
      permissions.delete(anna, team.rootId(), "user:anna", NONE);
      Groups groups = premises.get(Groups.class);

      refused(ErrorCode.LAST_ADMIN, () -> groups.removeMember(admin, "staff", "user:bob", NONE));
      refused(ErrorCode.LAST_ADMIN, () -> groups.update(admin, "staff", null, List.of(), NONE));
      refused(ErrorCode.LAST_ADMIN, () -> groups.delete(admin, "staff", NONE));

      groups.addMember(admin, "staff", "user:anna", NONE);
      groups.removeMember(admin, "staff", "user:bob", NONE);
      assertThat(rightsOf(anna, team.rootId())).hasSize(5);
    }

    @Test
    void theOwnerOfAHomeKeepsIt() {
      Premises.Place home = premises.home(bob);
      put(bob, home.rootId(), "user:anna", "read", "write", "delete", "share", "admin");
      refused(
          ErrorCode.LAST_ADMIN, () -> permissions.delete(anna, home.rootId(), "user:bob", NONE));
      refused(ErrorCode.LAST_ADMIN, () -> put(bob, home.rootId(), "user:bob", "read"));
    }
  }

  /** P8: what was withdrawn is refused from the next request on. */
  @Nested
  class Withdrawn {

    @Test
    void aRight() {
      put(anna, folder, "user:bob", "read");
      assertThat(rightsOf(bob, folder)).containsExactly("read");
      permissions.delete(anna, folder, "user:bob", NONE);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(bob, folder));
    }

    @Test
    void aMembershipHoweverDeepItWas() {
      UUID inner = premises.group("inner", bob);
      premises.nest(premises.group("outer"), inner);
      put(anna, folder, "group:outer", "read");
      assertThat(rightsOf(bob, folder)).containsExactly("read");
      premises.removeMember(inner, bob);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(bob, folder));
    }

    @Test
    void anAccountAlsoWhatEveryoneMay() {
      put(anna, folder, "user:bob", "read");
      put(anna, folder, "everyone", "read");
      premises.disable(bob);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(bob, folder));
      Caller carl = premises.user("carl");
      assertThat(rightsOf(carl, folder)).containsExactly("read");
      premises.disable(carl);
      refused(ErrorCode.NOT_FOUND, () -> rightsOf(carl, folder));
    }
  }

  private static Caller scoped(Caller caller, UUID node, Rights rights) {
    return new Caller(
        caller.accountId(),
        caller.name(),
        caller.admin(),
        caller.credentialId(),
        List.of(new Caller.Scope(node, rights)),
        "test",
        null);
  }
}
