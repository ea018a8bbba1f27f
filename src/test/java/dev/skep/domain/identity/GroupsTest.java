package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Precondition;
import dev.skep.domain.identity.People.TestSql;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {

  private People people;
  private Groups groups;

  @BeforeEach
  void open(@TempDir Path folder) {
    people = new People(folder);
    groups = people.get(Groups.class);
    people.make("anna");
  }

  @AfterEach
  void close() {
    people.close();
  }

  private GroupView make(String name, String... members) {
    return groups.create(people.admin(), name, null, List.of(members));
  }

  private void add(String group, String member) {
    groups.addMember(people.admin(), group, member, Precondition.NONE);
  }

  @Test
  void aUserIsInTheGroupsThatHoldHisGroups() {
    make("staff", "user:anna");
    make("company", "group:staff");
    make("others");
    assertThat(people.get(Me.class).get(people.loggedIn("anna")).groups())
        .containsExactly("company", "staff");
    assertThat(groups.get(people.loggedIn("anna"), "company").members())
        .containsExactly("group:staff");
  }

  @Test
  void aGroupNeverHoldsItself() {
    make("a");
    make("b", "group:a");
    make("c", "group:b");
    assertThat(People.code(() -> add("a", "group:a"))).isEqualTo(ErrorCode.GROUP_CYCLE);
    assertThat(People.code(() -> add("a", "group:b"))).isEqualTo(ErrorCode.GROUP_CYCLE);
    assertThat(People.code(() -> add("a", "group:c"))).isEqualTo(ErrorCode.GROUP_CYCLE);
    assertThat(
            People.code(
                () ->
                    groups.update(
                        people.admin(),
                        "a",
                        null,
                        List.of("user:anna", "group:c"),
                        Precondition.NONE)))
        .isEqualTo(ErrorCode.GROUP_CYCLE);
    assertThat(groups.get(people.admin(), "a").members()).isEmpty();
    add("c", "group:a");
    assertThat(groups.get(people.admin(), "c").members()).containsExactly("group:a", "group:b");
  }

  @Test
  void twoGroupsThatTakeEachOtherAtOnceMakeNoCircle() throws Exception {
    for (int round = 0; round < 10; round++) {
      String a = "a" + round;
      String b = "b" + round;
      make(a);
      make(b);
      List<Boolean> done =
          Race.of(
              2,
              i ->
                  () -> {
                    try {
                      add(i == 0 ? a : b, "group:" + (i == 0 ? b : a));
                      return true;
                    } catch (SkepException e) {
                      assertThat(e.code()).isEqualTo(ErrorCode.GROUP_CYCLE);
                      return false;
                    }
                  });
      assertThat(done).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void membersAreReplacedByAPatchAndAddedTwiceIsOnce() {
    GroupView staff = make("staff", "user:anna");
    people.make("bert");
    long seq = people.rows(TestSql.SEQ);
    add("staff", "user:anna");
    assertThat(people.rows(TestSql.SEQ)).isEqualTo(seq);
    GroupView changed =
        groups.update(people.admin(), "staff", "Staff", List.of("user:bert"), Precondition.NONE);
    assertThat(changed.members()).containsExactly("user:bert");
    assertThat(changed.displayName()).isEqualTo("Staff");
    assertThat(changed.revision()).isGreaterThan(staff.revision());
    assertThat(
            People.code(
                () -> groups.removeMember(people.admin(), "staff", "user:anna", Precondition.NONE)))
        .isEqualTo(ErrorCode.NOT_FOUND);
    Precondition old = new Precondition(List.of(Long.toString(staff.revision())), List.of());
    assertThat(People.code(() -> groups.delete(people.admin(), "staff", old)))
        .isEqualTo(ErrorCode.PRECONDITION_FAILED);
  }

  @Test
  void unknownMembersAreNamed() {
    SkepException refusal = People.refused(() -> make("staff", "user:anna", "user:nobody"));
    assertThat(refusal.fields().getFirst().pointer()).isEqualTo("/members/1");
    assertThat(People.refused(() -> make("staff", "anna")).fields().getFirst().pointer())
        .isEqualTo("/members/0");
    assertThat(People.code(() -> groups.get(people.admin(), "staff")))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void onlyAdministratorsChangeGroups() {
    make("staff");
    var anna = people.loggedIn("anna");
    assertThat(People.code(() -> groups.create(anna, "mine", null, List.of())))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> groups.addMember(anna, "staff", "user:anna", Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> groups.delete(anna, "staff", Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void whoeverWasDemotedWhileWaitingIsRefused() {
    people.make("bert", true, null);
    var bert = people.loggedIn("bert");
    people.change("bert", People.admin(false));
    assertThat(People.code(() -> groups.create(bert, "late", null, List.of())))
        .isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void aDeletedGroupLeavesNoMembershipAndRaisesTheEpoch() {
    make("staff", "user:anna");
    make("company", "group:staff");
    long epoch = people.rows(TestSql.EPOCH);
    groups.delete(people.admin(), "staff", Precondition.NONE);
    assertThat(people.rows(TestSql.MEMBERSHIPS)).isZero();
    assertThat(people.rows(TestSql.EPOCH)).isEqualTo(epoch + 1);
    assertThat(groups.get(people.admin(), "company").members()).isEmpty();
  }

  @Test
  void theEventTellsThatAnAdministratorJoinedAGroupThemselves() {
    String admin = "user:" + people.admin().name();
    make("inner");
    make("outer", "group:inner");
    groups.addMember(people.admin(), "inner", "user:anna", Precondition.NONE);
    assertThat(people.events().getLast()).contains("\"byAdministration\":false");

    groups.addMember(people.admin(), "inner", admin, Precondition.NONE);
    assertThat(people.events().getLast()).contains("\"byAdministration\":true");

    make("other");
    groups.addMember(people.admin(), "other", "group:outer", Precondition.NONE);
    assertThat(people.events().getLast())
        .as("by a group that they are in")
        .contains("\"byAdministration\":true");
    groups.removeMember(people.admin(), "inner", admin, Precondition.NONE);
    assertThat(people.events().getLast()).contains("\"byAdministration\":false");
    make("mine", admin);
    assertThat(people.events().getLast()).contains("\"byAdministration\":true");
  }
}
