package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class DoctorCommandTest {

  /** What the drivers that need settings need at least; nobody listens there. */
  private static final Map<String, String> SERVERS =
      Map.of(
          "skep.sql.mysql.endpoints", "127.0.0.1:1",
          "skep.sql.mysql.database", "skep",
          "skep.sql.mysql.user", "skep",
          "skep.objects.s3.endpoint", "http://127.0.0.1:1",
          "skep.objects.s3.bucket", "skep",
          "skep.config.etcd.endpoints", "http://127.0.0.1:1",
          "skep.coordinator.etcd.endpoints", "http://127.0.0.1:1",
          "skep.registry.etcd.endpoints", "http://127.0.0.1:1",
          "skep.cache.redis.servers", "127.0.0.1:1",
          "skep.pubsub.nats.servers", "nats://127.0.0.1:1");

  @TempDir Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void onAnEmbeddedFolderEveryPortIsAskedOnce() {
    assertThat(run(Map.of("skep.drivers", "embedded", "skep.data", folder("used")))).isZero();

    assertThat(out.toString())
        .contains("All is well.")
        .containsPattern("sql +embedded +\\S+used/sql .* ms  ok")
        .containsPattern("registry +embedded +this process .* ms  ok");
  }

  @Test
  void aFolderThatIsNotThereIsNotMade() {
    Path missing = data.resolve("missing");

    assertThat(run(Map.of("skep.drivers", "embedded", "skep.data", missing.toString()))).isZero();

    assertThat(out.toString()).contains("not there yet, the first start makes it");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aFolderInUseIsLeftToWhoUsesIt() {
    Path used = Path.of(folder("used"));
    DataFolder held = DataFolder.open(used);

    assertThat(run(Map.of("skep.drivers", "embedded", "skep.data", used.toString()))).isZero();

    assertThat(out.toString()).contains("in use by a running Skep");
    assertThat(used.resolve("sql")).doesNotExist();
    assertThatCode(held::close).doesNotThrowAnyException();
  }

  @Test
  void aServerThatIsDownIsNamedWithTheKeysToLookAtAndHidesNoOther() {
    Map<String, String> configuration = new TreeMap<>(SERVERS);
    configuration.put("skep.drivers", "embedded");
    configuration.put("skep.data", folder("used"));
    configuration.put("skep.sql.driver", "mysql");
    configuration.put("skep.sql.mysql.password", "s3cret-s3cret");

    assertThat(run(configuration)).isEqualTo(1);

    assertThat(out.toString())
        .containsPattern("sql +mysql +skep@127.0.0.1:1/skep .* DOWN")
        .containsPattern("objects +embedded .* ok")
        .contains(
            "One problem:\n  sql: ", "skep.sql.mysql.* says where", "docs/drivers/sql-mysql.md")
        .doesNotContain("s3cret");
  }

  @Test
  void wrongConfigurationIsToldAsAStartWouldTellIt() {
    assertThat(run(Map.of("skep.drivers", "embeded", "skep.data", folder("used")))).isEqualTo(1);

    assertThat(err.toString()).contains("skep.drivers=embeded: no such set of drivers.");
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void everyDriverOfTheCatalogueCanBeMade(Catalogue.Entry entry) {
    try (Workbench workbench = new Workbench(() -> builder(Map.of("skep.data", data.toString())))) {
      assertThat(workbench.driver(entry.port(), entry.name())).isNotNull();
    }
  }

  static Stream<Catalogue.Entry> catalogue() {
    return Catalogue.OF_THIS_BUILD.entries().stream();
  }

  private String folder(String name) {
    try {
      return Files.createDirectories(data.resolve(name)).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int run(Map<String, String> configuration) {
    Supplier<SmallRyeConfigBuilder> sources = () -> builder(configuration);
    CommandLine commandLine = new CommandLine(new DoctorCommand(sources));
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute();
  }

  private static SmallRyeConfigBuilder builder(Map<String, String> configuration) {
    Map<String, String> all = new TreeMap<>(SERVERS);
    all.putAll(configuration);
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(all, "test", 400));
  }
}
