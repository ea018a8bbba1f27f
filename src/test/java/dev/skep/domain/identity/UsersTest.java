package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.identity.People.TestSql;
import dev.skep.domain.permission.Access;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {

  private People people;
  private Users users;
  private UserRemoval removal;

  @BeforeEach
  void open(@TempDir Path folder) {
    people = new People(folder);
    users = people.get(Users.class);
    removal = people.get(UserRemoval.class);
  }

  @AfterEach
  void close() {
    people.close();
  }

  @Test
  void aNewUserHasAHomeThatIsHisAlone() {
    UserView anna = people.make("anna");
    assertThat(anna.displayName()).isEqualTo("anna");
    assertThat(anna.type()).isEqualTo(AccountType.PERSON);
    assertThat(anna.quota()).isEqualTo(-1);
    assertThat(anna.used()).isZero();
    Caller caller = people.loggedIn("anna");
    Access access = people.get(Access.class);
    var home = people.get(SqlStore.class).read(tx -> access.workspace(caller, tx, "home"));
    assertThat(home.slug()).matches("home-[0-9a-f]{10}");
    var root =
        people
            .get(SqlStore.class)
            .read(tx -> access.require(caller, tx, home.rootId(), Right.values()));
    assertThat(root.path()).isEqualTo("/home");
    Caller admin = people.admin();
    assertThat(
            People.code(
                () ->
                    people.get(SqlStore.class).read(tx -> access.locate(admin, tx, home.rootId()))))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void badNamesAndFieldsAreNamedAndChangeNothing() {
    long before = people.rows(TestSql.SEQ);
    for (String name :
        List.of("", "Anna", "-anna", "an na", "anna/b", "é", "a".repeat(65), "skep")) {
      assertThat(field(name, null, null, null)).as(name).isEqualTo("/name");
    }
    assertThat(field("anna", "no address", null, null)).isEqualTo("/email");
    assertThat(field("anna", null, -2L, null)).isEqualTo("/quota");
    assertThat(field("anna", null, null, "short")).isEqualTo("/password");
    assertThat(people.rows(TestSql.SEQ)).isEqualTo(before);
    assertThat(people.rows(TestSql.WORKSPACES)).isEqualTo(1);
  }

  private String field(String name, String email, Long quota, String password) {
    SkepException refusal =
        People.refused(
            () ->
                users.create(
                    people.admin(),
                    new NewUser(name, null, email, null, null, null, quota, password)));
    assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
    return refusal.fields().getFirst().pointer();
  }

  @Test
  void aTakenNameIsRefusedAndLeavesNoHomeBehind() {
    people.make("anna");
    long homes = people.rows(TestSql.WORKSPACES);
    assertThat(People.code(() -> people.make("anna"))).isEqualTo(ErrorCode.NAME_TAKEN);
    assertThat(people.rows(TestSql.WORKSPACES)).isEqualTo(homes);
  }

  @Test
  void theSameKeyMakesOneUserAndGivesItsAnswerAgain() {
    NewUser anna = new NewUser("anna", "Anna", null, null, null, null, null, null);
    Caller.RequestKey key = new Caller.RequestKey("k1", new byte[] {1});
    UserView first = users.create(people.admin().with(key), anna);
    long seq = people.rows(TestSql.SEQ);
    assertThat(users.create(people.admin().with(key), anna)).isEqualTo(first);
    assertThat(people.rows(TestSql.SEQ)).isEqualTo(seq);
    Caller.RequestKey other = new Caller.RequestKey("k1", new byte[] {2});
    assertThat(People.code(() -> users.create(people.admin().with(other), anna)))
        .isEqualTo(ErrorCode.KEY_REUSED);
  }

  @Test
  void othersSeeNamesOnlyAndChangeNothing() {
    people.make("anna");
    people.make("bert");
    Caller anna = people.loggedIn("anna");
    UserView bert = users.get(anna, "bert");
    assertThat(bert.displayName()).isEqualTo("bert");
    assertThat(bert.email()).isNull();
    assertThat(bert.used()).isNull();
    assertThat(bert.admin()).isNull();
    assertThat(users.get(anna, "anna").quota()).isEqualTo(-1);
    assertThat(users.list(anna, People.page("u")).items())
        .extracting(UserView::name)
        .containsExactly("admin", "anna", "bert");
    UserChange name = new UserChange("X", null, null, null, null);
    assertThat(People.code(() -> users.update(anna, "bert", name, Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> users.update(anna, "anna", People.admin(true), Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(People.code(() -> removal.delete(anna, "bert", Precondition.NONE)))
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(users.update(anna, "anna", name, Precondition.NONE).displayName()).isEqualTo("X");
  }

  @Test
  void aListGoesOnWhereThePageEnded() {
    people.make("anna");
    people.make("bert");
    var first = users.list(people.admin(), PageRequest.of("users", 2, null));
    assertThat(first.items()).extracting(UserView::name).containsExactly("admin", "anna");
    var second = users.list(people.admin(), PageRequest.of("users", 2, first.nextCursor()));
    assertThat(second.items()).extracting(UserView::name).containsExactly("bert");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void ofTwoWritersWithOneETagOneWins() {
    UserView anna = people.make("anna");
    Precondition seen = new Precondition(List.of(Long.toString(anna.revision())), List.of());
    UserChange change = new UserChange(null, "anna@example.org", null, null, 5000L);
    UserView changed = users.update(people.admin(), "anna", change, seen);
    assertThat(changed.quota()).isEqualTo(5000);
    assertThat(changed.revision()).isGreaterThan(anna.revision());
    assertThat(People.code(() -> users.update(people.admin(), "anna", change, seen)))
        .isEqualTo(ErrorCode.PRECONDITION_FAILED);
  }

  @Test
  void aChangeThatChangesNothingTakesNoNumber() {
    UserView anna = people.make("anna");
    long seq = people.rows(TestSql.SEQ);
    assertThat(people.change("anna", People.disabled(false))).isEqualTo(anna);
    assertThat(people.rows(TestSql.SEQ)).isEqualTo(seq);
  }

  @Test
  void everyNumberHasItsEvent() {
    people.make("anna");
    people.change("anna", new UserChange(null, null, true, true, 7L));
    people.change("anna", People.disabled(false));
    removal.delete(people.admin(), "anna", Precondition.NONE);
    List<String> events = people.events();
    assertThat(events).hasSize((int) people.rows(TestSql.SEQ));
    for (int seq = 1; seq <= events.size(); seq++) {
      assertThat(events.get(seq - 1)).startsWith(seq + " ");
    }
    assertThat(events.getLast()).contains("user.deleted");
  }

  @Test
  void theLastAdministratorStays() {
    assertThat(People.code(() -> people.change("admin", People.admin(false))))
        .isEqualTo(ErrorCode.LAST_ADMIN);
    assertThat(People.code(() -> people.change("admin", People.disabled(true))))
        .isEqualTo(ErrorCode.LAST_ADMIN);
    assertThat(People.code(() -> removal.delete(people.admin(), "admin", Precondition.NONE)))
        .isEqualTo(ErrorCode.LAST_ADMIN);
    // Neither a service nor someone without a password could log in to mend it.
    people.makeService("robot");
    people.change("robot", People.admin(true));
    people.make("nina", true, null);
    assertThat(People.code(() -> people.change("admin", People.admin(false))))
        .isEqualTo(ErrorCode.LAST_ADMIN);
    people.make("bert", true, "bert's password");
    assertThat(people.change("admin", People.admin(false)).admin()).isFalse();
  }

  @Test
  void administratorsWhoDemoteOneAnotherAtOnceLeaveOne() throws Exception {
    int many = 8;
    List<String> names = new java.util.ArrayList<>(List.of("admin"));
    String hash = people.get(Passwords.class).hash("same for all of them");
    for (int i = 1; i < many; i++) {
      String name = "admin" + i;
      people.make(name, true, null);
      people
          .get(SqlStore.class)
          .write(
              tx ->
                  tx.update(
                      AccountSql.SET_PASSWORD,
                      hash,
                      people.get(Accounts.class).require(tx, name).id()));
      names.add(name);
    }
    List<Caller> callers = names.stream().map(people::loggedIn).toList();
    // Each demotes his neighbour: in a circle, so that all would be gone.
    List<ErrorCode> refusals =
        Race.of(
            many,
            i ->
                () -> {
                  try {
                    users.update(
                        callers.get(i),
                        names.get((i + 1) % many),
                        People.admin(false),
                        Precondition.NONE);
                    return null;
                  } catch (SkepException e) {
                    return e.code();
                  }
                });
    assertThat(refusals).contains((ErrorCode) null);
    int left =
        people
            .get(SqlStore.class)
            .read(tx -> people.get(Accounts.class).administrators(tx, 100))
            .size();
    long demoted = refusals.stream().filter(code -> code == null).count();
    assertThat(left).isGreaterThanOrEqualTo(1).isEqualTo(many - (int) demoted);
  }

  @Test
  void aDeletedUserTakesAllThatReferredToHim() {
    long accounts = people.rows(TestSql.ACCOUNTS);
    long nodes = people.rows(TestSql.NODES);
    long entries = people.rows(TestSql.ENTRIES);
    people.make("anna");
    Caller anna = people.loggedIn("anna");
    people.get(Groups.class).create(people.admin(), "staff", null, List.of("user:anna"));
    people
        .get(Tokens.class)
        .create(
            anna,
            new NewToken("t", null, List.of(new NewToken.Scope("/home", List.of("read"))), null));

    removal.delete(people.admin(), "anna", Precondition.NONE);

    assertThat(people.rows(TestSql.ACCOUNTS)).isEqualTo(accounts);
    assertThat(people.rows(TestSql.WORKSPACES)).isEqualTo(accounts);
    assertThat(people.rows(TestSql.NODES)).isEqualTo(nodes);
    assertThat(people.rows(TestSql.ENTRIES)).isEqualTo(entries);
    assertThat(people.rows(TestSql.MEMBERSHIPS)).isZero();
    assertThat(people.rows(TestSql.SCOPES)).isZero();
    assertThat(people.get(Groups.class).get(people.admin(), "staff").revision()).isGreaterThan(1);
    Caller admin = people.admin();
    assertThat(names(admin, anna.accountId())).isEqualTo(AccountNames.DELETED);
  }

  @Test
  void aHomeThatHoldsAnythingKeepsItsUser() {
    people.make("anna");
    Caller anna = people.loggedIn("anna");
    SqlStore sql = people.get(SqlStore.class);
    Workspaces workspaces = people.get(Workspaces.class);
    Nodes nodes = people.get(Nodes.class);
    var home = sql.read(tx -> workspaces.ofOwner(tx, anna.accountId())).orElseThrow();
    UUID folder = people.get(Ids.class).next();
    var at = people.now();
    sql.write(
        tx -> {
          workspaces.begin(tx, home.id());
          nodes.insertFolder(
              tx,
              folder,
              nodes.find(tx, home.rootId()).orElseThrow(),
              "docs",
              at,
              anna.accountId());
          return 0;
        });
    assertThat(People.code(() -> removal.delete(people.admin(), "anna", Precondition.NONE)))
        .isEqualTo(ErrorCode.NOT_EMPTY);
    sql.write(
        tx -> {
          workspaces.begin(tx, home.id());
          nodes.trash(
              tx, nodes.find(tx, folder).orElseThrow(), home.trashId(), at, anna.accountId());
          return 0;
        });
    assertThat(People.code(() -> removal.delete(people.admin(), "anna", Precondition.NONE)))
        .isEqualTo(ErrorCode.NOT_EMPTY);
    assertThat(people.loggedIn("anna").name()).isEqualTo("anna");
  }

  @Test
  void aUserWithMoreThanOneTransactionMayChangeGoesInSlices() {
    people.make("anna");
    UUID anna = people.loggedIn("anna").accountId();
    SqlStore sql = people.get(SqlStore.class);
    Ids ids = people.get(Ids.class);
    for (int slice = 0; slice < 3; slice++) {
      List<UUID> nodes = java.util.stream.Stream.generate(ids::next).limit(500).toList();
      sql.write(
          tx -> {
            nodes.forEach(
                node -> tx.update(AccountSql.INSERT_ENTRY, node, Accounts.USER, anna, node, 1));
            return 0;
          });
    }
    long epoch = people.rows(TestSql.EPOCH);
    removal.delete(people.admin(), "anna", Precondition.NONE);
    assertThat(people.rows(TestSql.EPOCH)).isEqualTo(epoch + 2);
    assertThat(People.code(() -> users.get(people.admin(), "anna"))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(people.rows(TestSql.ENTRIES)).isEqualTo(1);
  }

  @Test
  void namesAreFoundForAnyNumberOfIds() {
    List<UUID> ids = new java.util.ArrayList<>();
    for (int i = 0; i < 20; i++) {
      people.make("user" + i);
      ids.add(people.loggedIn("user" + i).accountId());
    }
    Caller admin = people.admin();
    var names =
        people.get(SqlStore.class).read(tx -> people.get(AccountNames.class).of(admin, tx, ids));
    for (int i = 0; i < 20; i++) {
      assertThat(names.get(ids.get(i))).isEqualTo("user" + i);
    }
    assertThat(names(admin, Ids.ZERO)).isEqualTo("skep");
  }

  private String names(Caller caller, UUID id) {
    return people
        .get(SqlStore.class)
        .read(tx -> people.get(AccountNames.class).of(caller, tx, List.of(id)))
        .get(id);
  }
}
