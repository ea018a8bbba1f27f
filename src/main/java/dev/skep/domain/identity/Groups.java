package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.outbox.Answers;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Groups of users and of other groups, never in a circle. Everyone who is logged in may read them;
 * administrators change them.
 */
@Singleton
public class Groups {

  /** One transaction changes at most a thousand rows (P5); more are added one by one. */
  static final int MOST_AT_ONCE = 400;

  private final SqlStore sql;
  private final Identities identities;
  private final Memberships memberships;
  private final RootAdministrators administrators;
  private final Answers answers;
  private final Ids ids;

  Groups(
      SqlStore sql,
      Identities identities,
      Memberships memberships,
      RootAdministrators administrators,
      Answers answers,
      Ids ids) {
    this.sql = sql;
    this.identities = identities;
    this.memberships = memberships;
    this.administrators = administrators;
    this.answers = answers;
    this.ids = ids;
  }

  /** In the order of their names. */
  public Page<GroupView> list(Caller caller, PageRequest request) {
    caller.requireUnscoped();
    String after = request.after() == null ? "" : request.after();
    return sql.read(
        tx -> {
          List<GroupView> groups =
              tx.query(GroupSql.LIST, after, request.limit() + 1).stream()
                  .map(row -> view(tx, Group.of(row)))
                  .toList();
          return Page.of(groups, request, GroupView::name);
        });
  }

  public GroupView get(Caller caller, String name) {
    caller.requireUnscoped();
    return sql.read(tx -> view(tx, require(tx, name)));
  }

  /**
   * Makes a group.
   *
   * @param members as the API writes them
   * @throws SkepException {@code name-taken}
   */
  public GroupView create(
      Caller caller, String name, @Nullable String displayName, List<String> members) {
    caller.requireAdmin();
    Check.name(name);
    String shown = displayName == null ? name : displayName;
    Check.label(shown, "/displayName");
    List<Member> wanted = parse(members);
    UUID id = ids.next();
    Outbox.Stamp stamp = identities.stamp();
    return sql.write(
        tx -> {
          begin(caller, tx);
          return answers.once(
              tx,
              caller,
              stamp.at(),
              GroupView.class,
              () -> {
                Set<String> before = groupsOf(caller, tx);
                insert(tx, id, name, shown, stamp);
                Group group = require(tx, name);
                found(tx, wanted).forEach(member -> memberships.add(tx, group, member));
                return append(caller, tx, stamp, "group.created", name, before);
              });
        });
  }

  private static void insert(Tx tx, UUID id, String name, String displayName, Outbox.Stamp stamp) {
    try {
      tx.update(GroupSql.INSERT, id, name, displayName, stamp.at());
    } catch (ConstraintViolation e) {
      throw new SkepException(ErrorCode.NAME_TAKEN, "There is already a group \"" + name + "\"", e);
    }
  }

  /**
   * Changes a group.
   *
   * @param displayName absent: stays
   * @param members all that shall be in it; absent: stay
   */
  public GroupView update(
      Caller caller,
      String name,
      @Nullable String displayName,
      @Nullable List<String> members,
      Precondition condition) {
    caller.requireAdmin();
    if (displayName != null) {
      Check.label(displayName, "/displayName");
    }
    @Nullable List<Member> wanted = members == null ? null : parse(members);
    Outbox.Stamp stamp = identities.stamp();
    return sql.write(
        tx -> {
          begin(caller, tx);
          Group before = require(tx, name);
          condition.check(before.revision());
          Set<String> groups = groupsOf(caller, tx);
          List<UUID> administered = administrators.administeredBy(tx, before.id());
          boolean changed = displayName != null && !displayName.equals(before.displayName());
          if (wanted != null) {
            changed |= replace(tx, before, found(tx, wanted));
          }
          administrators.requireStill(tx, administered);
          if (!changed) {
            return unchanged(caller, tx, stamp, before);
          }
          touch(tx, before, displayName);
          return append(caller, tx, stamp, "group.updated", name, groups);
        });
  }

  private boolean replace(Tx tx, Group group, Set<Member.Found> wanted) {
    Set<Member.Found> before = new LinkedHashSet<>(memberships.of(tx, group.id()));
    Set<Member.Found> leaving = new LinkedHashSet<>(before);
    leaving.removeAll(wanted);
    Set<Member.Found> coming = new LinkedHashSet<>(wanted);
    coming.removeAll(before);
    if (leaving.size() + coming.size() > Identities.SLICE) {
      throw SkepException.field(
          "/members",
          "changes more than " + Identities.SLICE + " members at once; use several steps");
    }
    leaving.forEach(member -> memberships.remove(tx, group, member));
    coming.forEach(member -> memberships.add(tx, group, member));
    return !leaving.isEmpty() || !coming.isEmpty();
  }

  /** Takes a user or group into a group; that it is in already, is no error. */
  public void addMember(Caller caller, String name, String member, Precondition condition) {
    changeMember(caller, name, member, condition, memberships::add);
  }

  /** Takes a user or group out of a group; {@code not-found} when it is not in it. */
  public void removeMember(Caller caller, String name, String member, Precondition condition) {
    changeMember(
        caller,
        name,
        member,
        condition,
        (tx, group, found) -> {
          if (!memberships.remove(tx, group, found)) {
            throw new SkepException(
                ErrorCode.NOT_FOUND, "\"" + member + "\" is not in the group \"" + name + "\"");
          }
          return true;
        });
  }

  private interface MemberChange {
    /** Returns whether anything changed. */
    boolean make(Tx tx, Group group, Member.Found member);
  }

  private void changeMember(
      Caller caller, String name, String word, Precondition condition, MemberChange change) {
    caller.requireAdmin();
    Member member = Member.of(word).orElseThrow(() -> noSuch(word));
    Outbox.Stamp stamp = identities.stamp();
    sql.write(
        tx -> {
          begin(caller, tx);
          Group group = require(tx, name);
          condition.check(group.revision());
          Member.Found found = memberships.find(tx, member).orElseThrow(() -> noSuch(word));
          Set<String> before = groupsOf(caller, tx);
          List<UUID> administered = administrators.administeredBy(tx, group.id());
          if (!change.make(tx, group, found)) {
            return unchanged(caller, tx, stamp, group);
          }
          administrators.requireStill(tx, administered);
          touch(tx, group, null);
          return append(caller, tx, stamp, "group.updated", name, before);
        });
  }

  /**
   * Deletes a group, its memberships and the permissions it was given; in slices, the row itself
   * last.
   */
  public void delete(Caller caller, String name, Precondition condition) {
    caller.requireAdmin();
    Precondition holds = condition;
    boolean gone;
    do {
      Precondition now = holds;
      Outbox.Stamp stamp = identities.stamp();
      gone = sql.write(tx -> deleteSlice(caller, tx, name, now, stamp));
      // The slice before has raised the revision that the condition spoke of.
      holds = Precondition.NONE;
    } while (!gone);
  }

  private boolean deleteSlice(
      Caller caller, Tx tx, String name, Precondition condition, Outbox.Stamp stamp) {
    tx.mayUseReserve();
    begin(caller, tx);
    Group group = require(tx, name);
    condition.check(group.revision());
    Set<String> before = groupsOf(caller, tx);
    List<UUID> administered = administrators.administeredBy(tx, group.id());
    int room = Identities.SLICE;
    room -= memberships.removeAll(tx, group, room);
    if (room > 0) {
      room -= memberships.removeFromAll(tx, Accounts.GROUP, group.id(), room);
    }
    if (room > 0) {
      room -= UserRemoval.removeEntries(tx, Accounts.GROUP, group.id(), room);
    }
    administrators.requireStill(tx, administered);
    if (room <= 0) {
      touch(tx, group, null);
      append(caller, tx, stamp, "group.updated", name, before);
      return false;
    }
    tx.update(GroupSql.DELETE, group.id());
    Change change = new Change("group.deleted", group.id().toString(), group);
    identities.append(tx, stamp, caller, List.of(change));
    return true;
  }

  private void begin(Caller caller, Tx tx) {
    identities.beginRights(tx);
    identities.requireStillAdmin(caller, tx);
  }

  private static void touch(Tx tx, Group group, @Nullable String displayName) {
    tx.update(GroupSql.UPDATE, displayName == null ? group.displayName() : displayName, group.id());
  }

  /**
   * What events tell of a group.
   *
   * @param byAdministration an administrator joined it himself, and so got what it may do
   */
  record State(
      UUID id,
      String name,
      String displayName,
      List<String> members,
      long revision,
      boolean byAdministration) {}

  private Set<String> groupsOf(Caller caller, Tx tx) {
    return Set.copyOf(memberships.groupsOf(tx, caller.accountId()));
  }

  private GroupView append(
      Caller caller, Tx tx, Outbox.Stamp stamp, String type, String name, Set<String> before) {
    Group group = require(tx, name);
    GroupView view = view(tx, group);
    boolean joined = !before.containsAll(groupsOf(caller, tx));
    State state =
        new State(group.id(), name, view.displayName(), view.members(), view.revision(), joined);
    identities.append(tx, stamp, caller, List.of(new Change(type, group.id().toString(), state)));
    return view;
  }

  private GroupView unchanged(Caller caller, Tx tx, Outbox.Stamp stamp, Group group) {
    identities.append(tx, stamp, caller, List.of());
    return view(tx, group);
  }

  private GroupView view(Tx tx, Group group) {
    List<String> members = memberships.of(tx, group.id()).stream().map(Member.Found::word).toList();
    return new GroupView(group.name(), group.displayName(), members, group.revision());
  }

  private static Group require(Tx tx, String name) {
    return tx.one(GroupSql.BY_NAME, name)
        .map(Group::of)
        .orElseThrow(
            () -> new SkepException(ErrorCode.NOT_FOUND, "There is no group \"" + name + "\""));
  }

  private static List<Member> parse(List<String> words) {
    if (words.size() > MOST_AT_ONCE) {
      throw SkepException.field(
          "/members", "more than " + MOST_AT_ONCE + " at once; add the others one by one");
    }
    List<Member> members = new ArrayList<>();
    for (String word : words) {
      members.add(Member.field(word, "/members/" + members.size()));
    }
    return members;
  }

  private Set<Member.Found> found(Tx tx, List<Member> members) {
    Set<Member.Found> found = new LinkedHashSet<>();
    for (int at = 0; at < members.size(); at++) {
      String pointer = "/members/" + at;
      found.add(
          memberships
              .find(tx, members.get(at))
              .orElseThrow(() -> SkepException.field(pointer, "there is no such user or group")));
    }
    return found;
  }

  private static SkepException noSuch(String word) {
    return new SkepException(
        ErrorCode.NOT_FOUND,
        "There is no user or group \"" + word + "\"; write user:NAME or group:NAME");
  }
}
