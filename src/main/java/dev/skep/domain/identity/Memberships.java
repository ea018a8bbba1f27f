package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows that say who is in which group. Writing needs {@link Identities#beginRights} before. */
@Singleton
class Memberships {

  private static final int ROWS = 1000;

  Optional<Member.Found> find(Tx tx, Member member) {
    Optional<UUID> id =
        member.kind() == Accounts.USER
            ? tx.one(AccountSql.BY_NAME, member.name()).map(row -> row.id("id"))
            : tx.one(GroupSql.BY_NAME, member.name()).map(row -> row.id("id"));
    return id.map(found -> new Member.Found(member.kind(), found, member.name()));
  }

  /** All members of a group, in the order of their words. */
  List<Member.Found> of(Tx tx, UUID groupId) {
    List<Member.Found> members = new ArrayList<>();
    List<Row> rows;
    do {
      rows = tx.query(GroupSql.MEMBERS, groupId, ROWS, members.size());
      rows.forEach(
          row ->
              members.add(
                  new Member.Found(
                      (int) row.number("member_kind"), row.id("member_id"), row.text("name"))));
    } while (rows.size() == ROWS);
    members.sort(Comparator.comparing(Member.Found::word));
    return members;
  }

  /**
   * Returns whether it was not in the group before.
   *
   * @throws SkepException {@code group-cycle}
   */
  boolean add(Tx tx, Group group, Member.Found member) {
    if (member.kind() == Accounts.GROUP
        && tx.one(GroupSql.HOLDS, group.id(), member.id()).isPresent()) {
      throw new SkepException(
          ErrorCode.GROUP_CYCLE,
          "\"" + member.name() + "\" is or holds \"" + group.name() + "\" already");
    }
    try {
      tx.update(GroupSql.ADD_MEMBER, group.id(), member.kind(), member.id());
      return true;
    } catch (ConstraintViolation e) {
      return false;
    }
  }

  /** Returns whether it was in the group. */
  boolean remove(Tx tx, Group group, Member.Found member) {
    return tx.update(GroupSql.REMOVE_MEMBER, group.id(), member.kind(), member.id()) == 1;
  }

  /** Takes up to {@code limit} members out of a group; returns how many. */
  int removeAll(Tx tx, Group group, int limit) {
    List<Row> rows = tx.query(GroupSql.MEMBERS, group.id(), limit, 0);
    rows.forEach(
        row ->
            tx.update(
                GroupSql.REMOVE_MEMBER,
                group.id(),
                row.number("member_kind"),
                row.id("member_id")));
    return rows.size();
  }

  /** Takes someone out of all groups, with at most {@code limit} rows; returns how many it took. */
  int removeFromAll(Tx tx, int kind, UUID memberId, int limit) {
    List<Row> rows = tx.query(GroupSql.DIRECT_GROUPS, kind, memberId, (limit + 1) / 2);
    for (Row row : rows) {
      tx.update(GroupSql.REMOVE_MEMBER, row.id("team_id"), kind, memberId);
      tx.update(GroupSql.TOUCH, row.id("team_id"));
    }
    return rows.size() * 2;
  }

  /** The names of all groups that a user is in, directly or through others. */
  List<String> groupsOf(Tx tx, UUID accountId) {
    List<String> names = new ArrayList<>();
    List<Row> rows;
    do {
      rows = tx.query(GroupSql.GROUPS_OF_USER, accountId, ROWS, names.size());
      rows.forEach(row -> names.add(row.text("name")));
    } while (rows.size() == ROWS);
    return names;
  }
}
