package dev.skep.api.rest;

import dev.skep.domain.identity.CredentialView;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A new session or access token; the only answer that ever holds its secret. */
record IssuedJson(
    UUID id,
    String name,
    Instant createdAt,
    Instant expiresAt,
    List<CredentialView.Scope> scopes,
    String token) {

  /** 201, which nothing on the way may keep. */
  static Response created(String collection, CredentialView.Issued issued) {
    CredentialView made = issued.credential();
    return Answer.created(collection + "/" + made.id())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(
            new IssuedJson(
                made.id(),
                made.name(),
                made.createdAt(),
                made.expiresAt(),
                made.scopes(),
                issued.secret()))
        .build();
  }

  @Override
  public String toString() {
    return "IssuedJson[" + id + "]";
  }
}
