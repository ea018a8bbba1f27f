package dev.skep.boot;

import dev.skep.domain.identity.Bootstrap;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The administrator of a one-machine start, as {@code identity} keeps him. */
@Singleton
final class LocalAdministrator implements Administrator {

  private final Bootstrap bootstrap;

  LocalAdministrator(Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
  }

  @Override
  public Optional<SignIn> signIn(Optional<String> configured, Optional<String> kept) {
    return bootstrap
        .start(configured, kept)
        .map(made -> new SignIn(made.user(), made.secret(), made.password()));
  }
}
