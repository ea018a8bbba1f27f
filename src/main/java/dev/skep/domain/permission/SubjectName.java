package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.Tx;
import java.util.UUID;

/** A subject as the API writes it: {@code user:anna}, {@code group:staff} or {@code everyone}. */
record SubjectName(Subject.Kind kind, String name) {

  private static final String USER = "user:";
  private static final String GROUP = "group:";
  private static final String EVERYONE = "everyone";

  /** Refuses what no entry can be made for here. */
  static SubjectName parse(String text) {
    if (text.equals(EVERYONE)) {
      return new SubjectName(Subject.Kind.EVERYONE, "");
    }
    if (text.startsWith(USER)) {
      return new SubjectName(Subject.Kind.USER, text.substring(USER.length()));
    }
    if (text.startsWith(GROUP)) {
      return new SubjectName(Subject.Kind.GROUP, text.substring(GROUP.length()));
    }
    throw SkepException.field(
        "subject", "must be user:NAME, group:NAME or everyone, not \"" + text + "\"");
  }

  static String of(Entries.Entry entry) {
    return switch (entry.subject().kind()) {
      case USER -> USER + entry.name();
      case GROUP -> GROUP + entry.name();
      case EVERYONE -> EVERYONE;
      case LINK -> "link:" + entry.subject().id();
    };
  }

  boolean isUser(String user) {
    return kind == Subject.Kind.USER && name.equals(user);
  }

  /** Whom the name stands for; {@code not-found} when there is nobody of that name. */
  Subject resolve(Tx tx) {
    return switch (kind) {
      case USER -> Subject.user(id(tx, PermissionSql.USER_BY_NAME));
      case GROUP -> Subject.group(id(tx, PermissionSql.GROUP_BY_NAME));
      case EVERYONE, LINK -> Subject.EVERYONE;
    };
  }

  private UUID id(Tx tx, PermissionSql byName) {
    return tx.one(byName, name)
        .map(row -> row.id("id"))
        .orElseThrow(() -> new SkepException(ErrorCode.NOT_FOUND, "There is no " + this));
  }

  @Override
  public String toString() {
    return switch (kind) {
      case USER -> USER + name;
      case GROUP -> GROUP + name;
      case EVERYONE, LINK -> EVERYONE;
    };
  }
}
