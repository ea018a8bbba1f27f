package dev.skep.domain.identity;

import dev.skep.domain.tree.Workspace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user. Everyone may know name, display name and type, to share with him; the rest is for himself
 * and administrators and absent for others.
 *
 * @param quota bytes of his home; −1 for none
 * @param used bytes of his home
 */
public record UserView(
    String name,
    String displayName,
    @Nullable String email,
    AccountType type,
    @Nullable Boolean admin,
    @Nullable Boolean disabled,
    @Nullable Long quota,
    @Nullable Long used,
    Instant createdAt,
    long revision) {

  static UserView whole(Account account, Workspace home) {
    return new UserView(
        account.name(),
        account.displayName(),
        account.email(),
        account.type(),
        account.admin(),
        account.disabled(),
        home.quota(),
        home.used(),
        account.createdAt(),
        account.revision());
  }

  static UserView forOthers(Account account) {
    return new UserView(
        account.name(),
        account.displayName(),
        null,
        account.type(),
        null,
        null,
        null,
        null,
        account.createdAt(),
        account.revision());
  }
}
