package dev.skep.boot;

import dev.skep.domain.identity.Bootstrap.SignIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the person who started Skep reads when it is ready. It may hold a secret, so it goes to the
 * terminal and never through the logger; without a terminal it names the file instead.
 *
 * @param data the data folder, where anything is kept in it
 */
record ReadyLines(Duration took, String address, Optional<Path> data, Optional<SignIn> signIn) {

  String forTerminal() {
    return text(
        it -> "%s / %s    kept in %s (0600)".formatted(it.user(), it.secret(), adminFile()),
        it -> it.user() + ":" + it.secret(),
        "Ctrl-C");
  }

  String withoutTerminal() {
    return text(
        it -> "%s, with the session in %s (0600)".formatted(it.user(), adminFile()),
        it -> "\"%s:$(sed -n s/^session=//p %s)\"".formatted(it.user(), adminFile()),
        "SIGTERM");
  }

  private String text(
      java.util.function.Function<SignIn, String> who,
      java.util.function.Function<SignIn, String> credentials,
      String stop) {
    StringBuilder lines = new StringBuilder();
    lines.append(
        String.format(
            Locale.ROOT, "Skep is ready in %.1f s      %s%n", took.toMillis() / 1000.0, address));
    signIn.ifPresent(
        it -> {
          lines.append("  sign in   ").append(who.apply(it)).append('\n');
          lines
              .append("  try       curl -u ")
              .append(credentials.apply(it))
              .append(" -T README.md ")
              .append(address)
              .append("/api/v1/files/home/README.md\n");
        });
    lines.append("  stop      ").append(stop);
    data.ifPresent(folder -> lines.append(" · start over: rm -r ").append(folder));
    return lines.append('\n').toString();
  }

  /** Only sessions of an embedded {@code sql} are shown, and that needs the data folder. */
  private Path adminFile() {
    return AdminFile.in(data.orElseThrow()).path();
  }
}
