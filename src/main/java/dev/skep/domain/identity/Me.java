package dev.skep.domain.identity;

import dev.skep.domain.Caller;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.util.List;

/** The caller himself; the one thing beside content that a scoped token opens. */
@Singleton
public class Me {

  private final SqlStore sql;
  private final Accounts accounts;
  private final Memberships memberships;
  private final Workspaces workspaces;

  Me(SqlStore sql, Accounts accounts, Memberships memberships, Workspaces workspaces) {
    this.sql = sql;
    this.accounts = accounts;
    this.memberships = memberships;
    this.workspaces = workspaces;
  }

  /**
   * A user with his groups.
   *
   * @param groups the names of all groups that he is in, directly or through others
   */
  public record View(UserView user, List<String> groups) {
    public View {
      groups = List.copyOf(groups);
    }
  }

  public View get(Caller caller) {
    return sql.read(
        tx -> {
          Account account =
              accounts
                  .find(tx, caller.accountId())
                  .orElseThrow(() -> Accounts.missing(caller.name()));
          UserView user =
              UserView.whole(account, workspaces.find(tx, account.homeId()).orElseThrow());
          return new View(user, memberships.groupsOf(tx, account.id()));
        });
  }
}
