package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Skep;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start that cannot succeed ends with exit code 1 and one report of all that is wrong. */
final class WrongStartTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void anUnknownDriverIsToldWithTheNearestName() {
    assertThat(refused(fresh().with("SKEP_CONFIG_DRIVER", "ectd")))
        .isEqualTo(
            """
            Skep cannot start: one problem.

              skep.config.driver=ectd: no such driver. Available: embedded, etcd. Did you mean etcd?

            docs/configuration.md lists every key.
            """);
  }

  @Test
  void severalProblemsAreInOneReport() {
    assertThat(
            refused(
                fresh()
                    .with("SKEP_CONFIG_DRIVER", "ectd")
                    .with("SKEP_CAHCE_DRIVER", "embedded")
                    .with("SKEP_CONTENT_GRACE", "soon")))
        .startsWith("Skep cannot start: 3 problems.\n\n")
        .contains(
            "  SKEP_CAHCE_DRIVER: no such key. Did you mean SKEP_CACHE_DRIVER?\n",
            "  skep.config.driver=ectd: no such driver. Available: embedded, etcd. Did you mean etcd?\n",
            "  skep.content.grace=soon: not a duration, such as 10s or 5m.\n")
        .endsWith("\n\ndocs/configuration.md lists every key.\n");
  }

  @Test
  void aBareServeTellsAllThatServersNeedAndEndsWithTheLineThatWorks() {
    String report = refused(fresh().arguments("serve"));

    assertThat(report)
        .matches("(?s)Skep cannot start: \\d+ problems\\.\n\n.*")
        .contains(
            "  skep.registry.etcd.endpoints: missing. Set it, or the environment variable SKEP_REGISTRY_ETCD_ENDPOINTS.\n",
            "  skep.config.etcd.endpoints: missing. Set it, or the environment variable SKEP_CONFIG_ETCD_ENDPOINTS.\n")
        .endsWith(
            """

            docs/configuration.md lists every key.
            To start on this machine alone, with nothing else to install:
              skep serve --embedded
            """);
  }

  @Test
  void aRoleThatDoesNotExistIsToldWithTheNearest() {
    assertThat(refused(fresh().with("SKEP_ROLES", "wbe")))
        .isEqualTo(
            report(
                "skep.roles=%s: no such role. Available: web, worker. Did you mean web?", "wbe"));
  }

  @Test
  void oneRoleAloneOnThisMachineIsRefused() {
    assertThat(refused(fresh().with("SKEP_ROLES", "worker")))
        .contains("skep.roles=worker: a replica with an embedded driver (skep.sql.driver,");
  }

  @Test
  void theFirstStartOnAServerThatRefusesForGoodEndsTheProcess() {
    assertThat(
            refused(
                fresh()
                    .with("SKEP_CONFIG_DRIVER", "etcd")
                    .with("SKEP_CONFIG_ETCD_ENDPOINTS", "not an address")))
        .contains("Skep cannot start: one problem.", "  skep.config.etcd.endpoints: ");
  }

  @Test
  void aFolderInUseByAnotherProcessIsLeftToIt() {
    try (Skep first = Skep.start()) {
      assertThat(refused(Skep.on(first.data())))
          .isEqualTo(
              report(
                  "skep.data: the folder %s is in use by another process; stop that, or choose another folder.",
                  first.data()));
      first.admin().get("/me").is(200);
    }
  }

  @Test
  void aPortInUseIsTold() {
    try (Skep first = Skep.start()) {
      String port = Integer.toString(first.port());
      assertThat(refused(fresh().with("QUARKUS_HTTP_PORT", port)))
          .endsWith(
              report(
                  "quarkus.http.port=%s: cannot listen on 127.0.0.1, perhaps another process does. Choose another with QUARKUS_HTTP_PORT.",
                  port));
    }
  }

  @Test
  void aDatabaseOfANewerVersionIsNotTouched() throws Exception {
    Path data = usedData();
    Path database = data.resolve("sql/skep.db");
    python(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        db.execute("INSERT INTO flyway_schema_history SELECT 1000, '999', 'later', type, 'V999__later.sql', 7, installed_by,"
                   " installed_on, execution_time, success FROM flyway_schema_history WHERE version IS NOT NULL LIMIT 1")
        db.commit()
        """,
        database);
    byte[] before = Files.readAllBytes(database);

    assertThat(refused(Skep.on(data)))
        .endsWith(
            report(
                "skep.sql.embedded.folder: the data in %s was written by a newer Skep (schema 999; this one knows 1). Start the newer version, or restore a backup made by this one",
                data.resolve("sql")));
    assertThat(Files.readAllBytes(database)).isEqualTo(before);
  }

  @Test
  void aFolderOfANewerFormatIsNotTouched() throws Exception {
    Path data = usedData();
    Files.writeString(data.resolve("format"), "2\n");

    assertThat(refused(Skep.on(data)))
        .isEqualTo(
            report(
                "skep.data: the folder %s was written by a newer version of Skep (format 2, this version knows 1); start that version, or choose another folder.",
                data));
  }

  @Test
  void aFolderThatIsAFileIsTold() throws Exception {
    Path file = Skep.newFolder("file").resolve("data");
    Files.writeString(file, "mine");

    assertThat(refused(Skep.on(file)))
        .isEqualTo(report("skep.data: the folder %s cannot be used: it is a file.", file));
    assertThat(file).hasContent("mine");
  }

  @Test
  void aReadOnlyFolderIsTold() throws Exception {
    try (TinyDisk disk = tiny(16)) {
      disk.readOnly();
      assertThat(refused(Skep.on(disk.folder())))
          .isEqualTo(
              report(
                  "skep.data: the folder %s cannot be used: Read-only file system.",
                  disk.folder()));
    }
  }

  @Test
  void aFolderThatHasBecomeReadOnlyIsTold() throws Exception {
    try (TinyDisk disk = tiny(96)) {
      Skep.on(disk.folder()).start().stop();
      disk.readOnly();
      assertThat(refused(Skep.on(disk.folder())))
          .startsWith("Skep cannot start: one problem.\n\n  skep.data: the folder " + disk.folder())
          .contains("Read-only file system");
    }
  }

  @Test
  void whereToListenAndWhatTheMachineCannotMeanIsToldLineByLine() {
    assertThat(
            refused(
                fresh()
                    .with("QUARKUS_HTTP_PORT", "abc")
                    .with("QUARKUS_HTTP_HOST", "127.0.0.1 ")
                    .with("SKEP_CONTENT_GRACE", "-1h")
                    .with("SKEP_DATA", "")))
        .startsWith("Skep cannot start: 4 problems.\n\n")
        .contains(
            "  quarkus.http.port=abc: not a port. Use 1 to 65535,",
            "  quarkus.http.host=127.0.0.1 : not a host. Use a name or an address alone,",
            "  skep.content.grace=-1h: not between 0s and 36500d.\n",
            "  skep.data: is empty. Give it a value, or leave it out.\n");
    assertThat(
            refused(
                fresh()
                    .with("QUARKUS_HTTP_PORT", "99999")
                    .with("QUARKUS_HTTP_HOST", "http://127.0.0.1")))
        .contains(
            "  quarkus.http.port=99999: not a port.",
            "  quarkus.http.host=http://127.0.0.1: not a host.");
    assertThat(
            refused(
                fresh()
                    .with("QUARKUS_HTTP_PORT", "")
                    .with("QUARKUS_HTTP_HOST", "no-such-host.invalid")))
        .contains(
            "  quarkus.http.port=: not a port.",
            "  quarkus.http.host=no-such-host.invalid: no address is known for this name.\n");
  }

  @Test
  void aWrongValueOfAKeyThatIsNotSkepsOwnIsToldWithItsKey() {
    assertThat(refused(fresh().with("QUARKUS_HTTP_IDLE_TIMEOUT", "soon")))
        .startsWith("Skep cannot start: one problem.\n\n")
        .contains("quarkus.http.idle-timeout");
  }

  @Test
  void aFolderThatTheLocaleCannotNameIsTold() {
    assertThat(
            refused(
                fresh()
                    .with("LC_ALL", "C")
                    .under(
                        "sh",
                        "-c",
                        "SKEP_DATA=$(printf '/tmp/skep-d\\303\\244ta') exec \"$@\"",
                        "sh")))
        .contains("  skep.data=", "letters beyond ASCII need a locale such as LC_ALL=C.UTF-8");
  }

  private static TinyDisk tiny(long mebibytes) throws IOException {
    return TinyDisk.of(Skep.newFolder("tiny-disk"), mebibytes << 20);
  }

  private static Skep.Setup fresh() {
    return Skep.on(Skep.newFolder("skep-data"));
  }

  private static Path usedData() {
    Path data = Skep.newFolder("skep-data");
    Skep.on(data).start().stop();
    return data;
  }

  /** Its report, when it ends with exit code 1. */
  private static String refused(Skep.Setup setup) {
    Skep skep = setup.launch();
    assertThat(skep.awaitEnd(PATIENCE)).as(skep::output).isEqualTo(1);
    assertThat(skep.output()).doesNotContain("Exception", "\tat ");
    return skep.output();
  }

  private static String report(String problem, Object argument) {
    return """
        Skep cannot start: one problem.

          %s

        docs/configuration.md lists every key.
        """
        .formatted(problem.formatted(argument));
  }

  private static void python(String program, Path argument) throws Exception {
    Process process =
        new ProcessBuilder(List.of("python3", "-c", program, argument.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
  }
}
