package dev.skep.boot;

import dev.skep.domain.identity.Bootstrap;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The administrator as people know him: an account with a session. */
@Singleton
final class FirstAdministrator implements Administrator {

  private final Bootstrap bootstrap;

  FirstAdministrator(Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
  }

  @Override
  public Optional<SignIn> signIn(Optional<String> configured, Optional<String> kept) {
    return bootstrap
        .start(configured, kept)
        .map(made -> new SignIn(made.user(), made.secret(), made.password()));
  }
}
