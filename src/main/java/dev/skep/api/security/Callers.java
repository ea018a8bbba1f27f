package dev.skep.api.security;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.identity.Authentication;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Who sends a request, by its Authorization header. */
@Singleton
public class Callers {

  private final Authentication authentication;

  public Callers(Authentication authentication) {
    this.authentication = authentication;
  }

  /**
   * @throws SkepException when the header is missing or what it holds opens nothing
   */
  public Caller authenticate(@Nullable String header, String requestId) {
    Credentials credentials = Credentials.of(header);
    return switch (credentials) {
      case Credentials.Bearer bearer -> authentication.bearer(bearer.secret(), requestId);
      case Credentials.Basic basic -> authentication.basic(basic.user(), basic.secret(), requestId);
      case Credentials.None ignored ->
          throw new SkepException(
              ErrorCode.UNAUTHENTICATED,
              "Send Authorization: Bearer with the secret of a session or access token, or Basic with user name and"
                  + " secret. POST /api/v1/sessions makes a session");
    };
  }
}
