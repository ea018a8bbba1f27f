package dev.skep.domain;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf something is done. Made by {@code identity.authenticate} and {@code
 * identity.logIn} for people, and by {@code duty} for Skep itself. His groups are read anew in each
 * transaction (P8), so they are not kept here.
 *
 * @param principal who it is
 * @param credentialId the session or token he came with; zero for Skep itself
 * @param scopes what his token is limited to; empty: not limited
 * @param requestId names the request in logs, problems and events
 * @param once his Idempotency-Key, where the request has one
 */
public record Caller(
    Principal principal,
    UUID credentialId,
    List<Scope> scopes,
    String requestId,
    @Nullable RequestKey once) {

  /** A token's limit: these rights on this node and all below it. */
  public record Scope(UUID nodeId, Rights rights) {}

  /**
   * An Idempotency-Key (P24).
   *
   * @param digest SHA-256 of method, path, query and body, and of a scoped token's id
   */
  public record RequestKey(String key, byte[] digest) {}

  public Caller {
    scopes = List.copyOf(scopes);
  }

  /** A user. */
  public Caller(
      UUID accountId,
      String name,
      boolean admin,
      UUID credentialId,
      List<Scope> scopes,
      String requestId,
      @Nullable RequestKey once) {
    this(new Principal.User(accountId, name, admin), credentialId, scopes, requestId, once);
  }

  /** Skep itself, for a duty. Only {@code domain.duty} and tests call it. */
  public static Caller system(String duty) {
    return new Caller(new Principal.System(duty), Ids.ZERO, List.of(), duty, null);
  }

  public boolean isSystem() {
    return principal instanceof Principal.System;
  }

  /** Whether this is the user of that account. */
  public boolean isUser(UUID id) {
    return principal instanceof Principal.User user && user.id().equals(id);
  }

  /** The user's id, for the columns that tell who did something; zero for whoever is none. */
  public UUID accountId() {
    return principal instanceof Principal.User user ? user.id() : Ids.ZERO;
  }

  public String name() {
    return principal.name();
  }

  /** Whether it is a user who administers this installation. */
  public boolean admin() {
    return principal instanceof Principal.User user && user.admin();
  }

  public Caller with(@Nullable RequestKey key) {
    return new Caller(principal, credentialId, scopes, requestId, key);
  }

  /** Refuses a scoped token: it opens content and {@code /me} only. */
  public void requireUnscoped() {
    if (!scopes.isEmpty()) {
      throw new SkepException(
          ErrorCode.FORBIDDEN,
          "This access token is limited to its scopes: it opens content and /me only. Log in, or use a token without"
              + " scopes");
    }
  }

  /** Refuses everyone but administrators. */
  public void requireAdmin() {
    requireUnscoped();
    if (!admin()) {
      throw new SkepException(ErrorCode.FORBIDDEN, "Only an administrator may do this");
    }
  }
}
