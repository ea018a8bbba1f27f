package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.identity.Authentication;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.domain.identity.Sessions;
import dev.skep.testkit.Drive;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that ends while something runs that it began: the deciding transaction looks again. */
class EndedCredentialTest {

  private static final byte[] HALF = "half".getBytes(StandardCharsets.UTF_8);

  private Instant now = Instant.parse("2026-01-01T10:00:00Z");
  private Drive drive;
  private Caller admin;
  private Home home;

  @BeforeEach
  void logIn(@TempDir Path folder) {
    drive = Drive.open(folder, () -> now);
    admin = session();
    home = new Home(drive, admin);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  private Caller session() {
    Bootstrap.SignIn signIn =
        drive
            .get(Bootstrap.class)
            .start(Optional.of("a long password"), Optional.empty())
            .orElseThrow();
    return drive.get(Authentication.class).bearer(signIn.secret(), "test");
  }

  @Test
  void anUploadOfASessionThatEndsMeanwhileIsRefusedAndLeavesNothing() {
    home.put("/home/there", "before");
    long used = Someone.used(drive, admin);
    for (String path : new String[] {"/home/new", "/home/there"}) {
      Caller caller = session();
      Incoming incoming = endingMeanwhile(() -> end(caller));
      assertThat(refused(caller, path, incoming)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    assertThat(home.find("/home/new")).isEmpty();
    assertThat(home.read("/home/there")).isEqualTo("before");
    assertThat(Someone.used(drive, admin)).isEqualTo(used);
  }

  @Test
  void soIsOneThatExpiresMeanwhile() {
    Incoming incoming = endingMeanwhile(() -> now = now.plus(Duration.ofDays(2)));
    assertThat(refused(admin, "/home/new", incoming)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(home.find("/home/new")).isEmpty();
  }

  private void end(Caller caller) {
    drive.get(Sessions.class).deleteCurrent(caller);
  }

  private ErrorCode refused(Caller caller, String path, Incoming incoming) {
    SkepException refusal =
        catchThrowableOfType(
            SkepException.class,
            () ->
                drive
                    .get(FileContents.class)
                    .put(caller, Home.path(path), Precondition.NONE, incoming));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.code();
  }

  /** Content, after whose first half something happens. */
  private static Incoming endingMeanwhile(Runnable happening) {
    InputStream second =
        new ByteArrayInputStream(HALF) {
          private boolean happened;

          @Override
          public synchronized int read(byte[] bytes, int from, int length) {
            if (!happened) {
              happened = true;
              happening.run();
            }
            return super.read(bytes, from, length);
          }
        };
    return new Incoming(
        new SequenceInputStream(new ByteArrayInputStream(HALF), second),
        2L * HALF.length,
        null,
        null,
        ExpectedDigests.NONE);
  }
}
