package dev.skep.domain.files;

import dev.skep.common.Ids;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.domain.Caller;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/**
 * What others gave the caller: the nodes outside the caller's home on which an entry for them, for
 * a group of theirs or for everyone gives a right that counts.
 */
@Singleton
public class SharedWithMe {

  /** A page looks at no more, and ends early then: each costs some statements. */
  private static final int MOST_LOOKED_AT = 100;

  private final SqlStore sql;
  private final Access access;
  private final Views views;

  SharedWithMe(SqlStore sql, Access access, Views views) {
    this.sql = sql;
    this.access = access;
    this.views = views;
  }

  /** In the order in which the nodes were made; a page may hold fewer than there is room for. */
  public Page<NodeView> list(Caller caller, PageRequest request) {
    UUID after = request.after(UUID::fromString, Ids.ZERO);
    int most = Math.min(request.limit(), MOST_LOOKED_AT);
    return sql.read(
        tx -> {
          List<UUID> given = access.sharedWith(caller, tx, after, most + 1);
          List<UUID> looked = given.subList(0, Math.min(most, given.size()));
          List<Located> seen =
              looked.stream().flatMap(id -> access.visible(caller, tx, id).stream()).toList();
          List<NodeView> items = views.of(caller, tx, seen);
          return given.size() > most
              ? Page.upTo(items, request, looked.getLast().toString())
              : new Page<>(items, null);
        });
  }
}
