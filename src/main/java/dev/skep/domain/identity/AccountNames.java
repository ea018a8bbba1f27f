package dev.skep.domain.identity;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Turns the ids that rows keep into the user names that people see. */
@Singleton
public class AccountNames {

  /** Skep itself: what duties did. No user can have this name. */
  public static final String SKEP = "skep";

  /** Someone whose account was deleted. No user can have this name. */
  public static final String DELETED = "(deleted)";

  private static final int AT_ONCE = 8;

  /**
   * The names of accounts. Everyone who is logged in may know them.
   *
   * @return a name for each id asked for: {@link #SKEP} for the zero id, {@link #DELETED} for an
   *     account that no longer exists
   */
  public Map<UUID, String> of(Caller caller, Tx tx, Collection<UUID> ids) {
    Map<UUID, String> names = new HashMap<>();
    List<UUID> wanted = ids.stream().distinct().toList();
    wanted.forEach(id -> names.put(id, id.equals(Ids.ZERO) ? SKEP : DELETED));
    names.computeIfPresent(
        caller.accountId(), (id, name) -> caller.isSystem() ? name : caller.name());
    List<UUID> people =
        wanted.stream()
            .filter(id -> !id.equals(Ids.ZERO) && !id.equals(caller.accountId()))
            .toList();
    for (int from = 0; from < people.size(); from += AT_ONCE) {
      read(tx, people.subList(from, Math.min(people.size(), from + AT_ONCE)), names);
    }
    return names;
  }

  private static void read(Tx tx, List<UUID> ids, Map<UUID, String> names) {
    Object[] places = new Object[AT_ONCE];
    Arrays.fill(places, Ids.ZERO);
    for (int at = 0; at < ids.size(); at++) {
      places[at] = ids.get(at);
    }
    tx.query(AccountSql.NAMES, places).forEach(row -> names.put(row.id("id"), row.text("name")));
  }
}
