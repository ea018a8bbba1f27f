package dev.skep.domain.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An access token to be made.
 *
 * @param name what its owner calls it
 * @param expiresAt absent: in 90 days
 * @param scopes absent: not limited
 * @param user a service account whose token it shall be, made by an administrator; absent: the
 *     caller's own
 */
public record NewToken(
    String name, @Nullable Instant expiresAt, @Nullable List<Scope> scopes, @Nullable String user) {

  /** These rights at this path and on all below it. */
  public record Scope(String path, List<String> rights) {}
}
