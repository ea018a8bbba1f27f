package dev.skep.boot;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.domain.identity.Bootstrap.SignIn;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Lets the person who starts a replica in: the first administrator, and a session for him. */
@Singleton
final class FirstSignIn {

  private final SkepConfig config;
  private final Choice choice;
  private final Bootstrap bootstrap;
  private final AdminPassword password;

  FirstSignIn(SkepConfig config, Choice choice, Bootstrap bootstrap) {
    this.config = config;
    this.choice = choice;
    this.bootstrap = bootstrap;
    this.password = new AdminPassword(config.admin(), bootstrap);
  }

  /**
   * Only where the database is this machine's own does each start make a session.
   *
   * @throws CannotStart when the configured password is not fit, or missing where it is needed
   */
  Optional<SignIn> make() {
    try {
      return choice.isEmbedded(Port.SQL) ? withSession() : withoutSession();
    } catch (SkepException e) {
      if (e.code() != ErrorCode.MALFORMED) {
        throw e;
      }
      throw new CannotStart(List.of("skep.admin.password: " + e.detail() + "."));
    }
  }

  private Optional<SignIn> withSession() {
    try {
      AdminFile file = AdminFile.in(config.data());
      Optional<SignIn> made = bootstrap.start(password.configured(), file.password());
      if (made.isPresent()) {
        file.write(made.get());
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A generated password would be known to nobody: the tables are shared, the data folder not. */
  private Optional<SignIn> withoutSession() {
    Optional<String> configured = password.configured();
    if (configured.isEmpty() && !bootstrap.isInstalled()) {
      throw new CannotStart(
          List.of(
              "skep.admin.password: missing. The tables of sql hold no user yet: set it, or SKEP_ADMIN_PASSWORD, or"
                  + " name a file that holds it with SKEP_ADMIN_PASSWORD_FILE, for the first start; it is the password of"
                  + " the user admin."));
    }
    bootstrap.install(configured);
    return Optional.empty();
  }
}
