package dev.skep.domain.identity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session or access token as its owner, or an administrator, sees it; never with its secret.
 *
 * @param scopes what a token is limited to; empty: not limited
 */
public record CredentialView(
    UUID id,
    String name,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant lastUsedAt,
    List<Scope> scopes) {

  /**
   * These rights at this path and on all below.
   *
   * @param path as its owner wrote it; absent for others
   */
  public record Scope(@Nullable String path, List<String> rights) {}

  /** A new one with its secret, which is shown this once. */
  public record Issued(CredentialView credential, String secret) {
    @Override
    public String toString() {
      return "Issued[" + credential.id() + "]";
    }
  }

  public CredentialView {
    scopes = List.copyOf(scopes);
  }

  CredentialView withoutPaths() {
    List<Scope> bare = scopes.stream().map(scope -> new Scope(null, scope.rights())).toList();
    return new CredentialView(id, name, createdAt, expiresAt, lastUsedAt, bare);
  }
}
