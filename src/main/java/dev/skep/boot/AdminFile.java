package dev.skep.boot;

import dev.skep.domain.identity.Bootstrap.SignIn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The file {@code admin} of the data folder, readable by its owner only: {@code user=}, {@code
 * session=} and, while it is unchanged, {@code password=}, one a line.
 */
record AdminFile(Path path) {

  static AdminFile in(Path dataFolder) {
    return new AdminFile(dataFolder.resolve("admin"));
  }

  /** The generated password that an earlier start has written down. */
  Optional<String> password() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    return Files.readAllLines(path).stream()
        .filter(line -> line.startsWith("password="))
        .map(line -> line.substring("password=".length()))
        .findFirst();
  }

  void write(SignIn signIn) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("user=").append(signIn.user()).append('\n');
    text.append("session=").append(signIn.secret()).append('\n');
    signIn.password().ifPresent(it -> text.append("password=").append(it).append('\n'));
    replace(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void replace(byte[] bytes) throws IOException {
    Path unfinished = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel file =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        file.write(left);
      }
      file.force(true);
    }
    Files.move(
        unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
