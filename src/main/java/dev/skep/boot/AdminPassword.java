package dev.skep.boot;

import dev.skep.domain.identity.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The first administrator's password as it is configured: itself, or the file that holds it. */
record AdminPassword(SkepConfig.AdminConfig config, Bootstrap bootstrap) {

  static final String KEY = "skep.admin.password";
  static final String FILE = "skep.admin.password-file";

  private static final int LONGEST = 64 * 1024;

  /**
   * Looks at the file only while no user exists, since later it may be gone.
   *
   * @throws CannotStart when it cannot be read
   */
  Optional<String> configured() {
    Optional<Path> file = config.passwordFile();
    return file.isEmpty() || bootstrap.isInstalled()
        ? config.password()
        : Optional.of(read(file.get()));
  }

  static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw wrong(file, "is larger than " + LONGEST + " bytes");
      }
      return withoutLineEnd(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw wrong(file, "is not UTF-8");
    } catch (IOException e) {
      throw wrong(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static CannotStart wrong(Path file, String what) {
    return new CannotStart(List.of(FILE + "=" + file + ": " + what + "."));
  }
}
