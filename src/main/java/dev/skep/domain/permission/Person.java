package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import dev.skep.port.sql.Tx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Someone by the subjects whose entries count for him: himself, the groups that he is in, directly
 * or through others, and everyone. Also while he is disabled: what others give or take must not
 * wait for that.
 */
record Person(Set<Subject> subjects) {

  static Person of(Tx tx, UUID accountId) {
    Set<Subject> subjects = new HashSet<>(Set.of(Subject.user(accountId), Subject.EVERYONE));
    Entries.read(
        tx,
        PermissionSql.GROUPS_OF,
        List.of(accountId),
        row -> subjects.add(Subject.group(row.id("id"))));
    return new Person(subjects);
  }

  /** What he may do where these are the nearest entries of all subjects. */
  Rights rights(Map<Subject, Rights> nearest) {
    Map<Subject, Rights> his = new HashMap<>();
    for (Subject subject : subjects) {
      Rights rights = nearest.get(subject);
      if (rights != null) {
        his.put(subject, rights);
      }
    }
    return Inheritance.decide(his);
  }
}
