package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.domain.Precondition;
import dev.skep.domain.identity.People.TestSql;
import dev.skep.testkit.Drive;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {

  @TempDir Path folder;

  @Test
  void theFirstStartGeneratesAPasswordAndLaterOnesKnowItUntilItIsChanged() {
    try (Drive drive = Drive.open(folder)) {
      Bootstrap bootstrap = drive.get(Bootstrap.class);
      Bootstrap.SignIn first = bootstrap.start(Optional.empty(), Optional.empty()).orElseThrow();
      String password = first.password().orElseThrow();
      assertThat(first.user()).isEqualTo("admin");
      assertThat(password).hasSizeGreaterThanOrEqualTo(20);
      assertThat(drive.get(LogIn.class).logIn("admin", password, "local", "r").secret())
          .isNotEmpty();

      Bootstrap.SignIn second =
          bootstrap.start(Optional.of("counts no more"), first.password()).orElseThrow();
      assertThat(second.password()).isEqualTo(first.password());
      assertThat(second.secret()).isNotEqualTo(first.secret());
      Authentication authentication = drive.get(Authentication.class);
      assertThat(People.code(() -> authentication.bearer(first.secret(), "r")))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
      var admin = authentication.bearer(second.secret(), "r");
      assertThat(admin.admin()).isTrue();

      drive
          .get(PasswordChange.class)
          .set(admin, "admin", "my own password", password, "local", Precondition.NONE);
      assertThat(bootstrap.start(Optional.empty(), first.password()).orElseThrow().password())
          .isEmpty();
    }
  }

  @Test
  void aSessionOfStartEndsAfterADayAndThereIsOnlyOne() {
    try (People people = new People(folder)) {
      for (int i = 0; i < 3; i++) {
        people.get(Bootstrap.class).start(Optional.empty(), Optional.empty());
      }
      assertThat(people.rows(TestSql.CREDENTIALS)).isEqualTo(1);
      String secret =
          people
              .get(Bootstrap.class)
              .start(Optional.empty(), Optional.empty())
              .orElseThrow()
              .secret();
      people.pass(People.SESSION_LIFE);
      assertThat(People.code(() -> people.caller(secret))).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
  }

  @Test
  void everyReplicaAndEveryStartSealCursorsWithOneKey() {
    byte[] key;
    try (People people = new People(folder)) {
      key = people.get(Bootstrap.class).cursorKey();
    }
    assertThat(key).hasSize(32).isNotEqualTo(new byte[32]);
    try (Drive drive = Drive.open(folder)) {
      Bootstrap bootstrap = drive.get(Bootstrap.class);
      bootstrap.start(Optional.empty(), Optional.empty());
      assertThat(bootstrap.cursorKey()).isEqualTo(key);
    }
  }

  @Test
  void replicasThatStartAtOnceMakeOneAdministrator() throws Exception {
    try (Drive drive = Drive.open(folder)) {
      Bootstrap bootstrap = drive.get(Bootstrap.class);
      List<Optional<String>> made = Race.of(2, i -> () -> bootstrap.install(Optional.empty()));
      assertThat(made.stream().filter(Optional::isPresent)).hasSize(1);
      var sql = drive.get(dev.skep.port.sql.SqlStore.class);
      assertThat(sql.read(tx -> tx.one(TestSql.ACCOUNTS)).orElseThrow().number("n")).isEqualTo(1);
      assertThat(sql.read(tx -> tx.one(TestSql.INSTALLATIONS)).orElseThrow().number("n"))
          .isEqualTo(1);
    }
  }

  @Test
  void withoutTheUserAdminAnotherAdministratorSignsIn() {
    try (People people = new People(folder)) {
      people.make("zoe", true, "zoe's password");
      people.change("admin", People.admin(false));
      assertThat(
              people
                  .get(Bootstrap.class)
                  .start(Optional.empty(), Optional.empty())
                  .orElseThrow()
                  .user())
          .isEqualTo("zoe");
    }
  }

  @Test
  void aConfiguredPasswordThatTheLocaleCannotReadMakesNobody() {
    try (Drive drive = Drive.open(folder)) {
      Bootstrap bootstrap = drive.get(Bootstrap.class);
      assertThat(
              People.refused(() -> bootstrap.install(Optional.of("a password of Zo\ufffd\ufffd")))
                  .detail())
          .startsWith("SKEP_ADMIN_PASSWORD: ");
      assertThat(bootstrap.isInstalled()).isFalse();
    }
  }

  @Test
  void aConfiguredPasswordThatIsTooShortMakesNobody() {
    try (Drive drive = Drive.open(folder)) {
      Bootstrap bootstrap = drive.get(Bootstrap.class);
      assertThat(People.refused(() -> bootstrap.install(Optional.of("short"))).detail())
          .startsWith("SKEP_ADMIN_PASSWORD: ");
      assertThat(bootstrap.install(Optional.of("long enough"))).isEmpty();
      assertThat(drive.get(LogIn.class).logIn("admin", "long enough", "local", "r").secret())
          .isNotEmpty();
    }
  }
}
