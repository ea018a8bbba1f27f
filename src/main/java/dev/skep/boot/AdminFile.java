package dev.skep.boot;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DurableFile;
import dev.skep.common.disk.RealDisk;
import dev.skep.domain.identity.Bootstrap.SignIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code admin} of the data folder, readable by its owner only: {@code user=}, {@code
 * session=} and, while it is unchanged, {@code password=}, one a line.
 */
record AdminFile(DurableFile file) {

  static AdminFile in(Path dataFolder) {
    return in(new RealDisk(), dataFolder);
  }

  static AdminFile in(Disk disk, Path dataFolder) {
    return new AdminFile(new DurableFile(disk, dataFolder, "admin"));
  }

  Path path() {
    return file.path();
  }

  /** The generated password that an earlier start has written down. */
  Optional<String> password() throws IOException {
    return file.read()
        .map(content -> new String(content, StandardCharsets.UTF_8))
        .flatMap(text -> text.lines().filter(line -> line.startsWith("password=")).findFirst())
        .map(line -> line.substring("password=".length()));
  }

  void write(SignIn signIn) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("user=").append(signIn.user()).append('\n');
    text.append("session=").append(signIn.secret()).append('\n');
    signIn.password().ifPresent(it -> text.append("password=").append(it).append('\n'));
    file.replace(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
