package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testkit.SeenLog;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every setting of every driver, wrong in every way; and that none shows what may be a secret. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DriverSettingsTest {

  /** Nobody listens there. */
  private static final Map<String, String> SERVERS =
      Map.ofEntries(
          Map.entry("skep.sql.mysql.endpoints", "127.0.0.1:1"),
          Map.entry("skep.objects.s3.endpoint", "http://127.0.0.1:1"),
          Map.entry("skep.objects.s3.access-key", "key"),
          Map.entry("skep.objects.s3.secret-key", "word"),
          Map.entry("skep.config.etcd.endpoints", "http://127.0.0.1:1"),
          Map.entry("skep.config.etcd.time-out", "1s"),
          Map.entry("skep.coordinator.etcd.endpoints", "http://127.0.0.1:1"),
          Map.entry("skep.coordinator.etcd.time-out", "1s"),
          Map.entry("skep.registry.etcd.endpoints", "http://127.0.0.1:1"),
          Map.entry("skep.registry.etcd.time-out", "1s"),
          Map.entry("skep.coordinator.zookeeper.servers", "127.0.0.1:1"),
          Map.entry("skep.coordinator.zookeeper.time-out", "1s"),
          Map.entry("skep.registry.zookeeper.servers", "127.0.0.1:1"),
          Map.entry("skep.registry.zookeeper.time-out", "1s"),
          Map.entry("skep.cache.redis.servers", "127.0.0.1:1"),
          Map.entry("skep.pubsub.nats.servers", "nats://127.0.0.1:1"));

  private static final String SECRET = "Zaubernuss";

  private static final List<String> WITH_A_SECRET =
      List.of(
          "http://root:Zaubernuss@etcd_0:2379",
          "root:Zaubernuss@etcd_0:2379",
          "https://root:Zauber,nuss-Zaubernuss@etcd-0:2379",
          "nats://Zaubernuss@host:4222",
          "redis://:Zaubernuss/@host",
          "host:1,root:p@ss/Zaubernuss@host:2",
          "http://host:9000?key=Zaubernuss",
          "//root:Zaubernuss@",
          "http://host:9000#Zaubernuss");

  private static final List<String> SECRET_SETTINGS =
      List.of("password", "token", "secret-key", "access-key");

  @TempDir Path data;

  static Stream<Catalogue.Entry> servers() {
    return Catalogue.OF_THIS_BUILD.entries().stream()
        .filter(entry -> !entry.name().equals("embedded"));
  }

  /** A setting with a value, and what all that tells of it has said. */
  private record Said(String key, String value, String text) {}

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("servers")
  void noValueOfASettingIsTakenForAFaultOfTheDriver(Catalogue.Entry entry) throws Exception {
    List<Map.Entry<String, String>> cases = new ArrayList<>();
    for (Setting setting : settings(entry)) {
      wrongValues(setting).forEach(value -> cases.add(Map.entry(setting.key(), value)));
    }
    assertThat(cases).hasSizeGreaterThan(20);

    List<Said> all = said(entry, cases);

    assertThat(all)
        .allSatisfy(
            said ->
                assertThat(said.text())
                    .as("%s=%s", said.key(), said.value())
                    .doesNotContain("fault of the driver", "Exception"));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void nothingThatIsToldOfADriverShowsASecret(Catalogue.Entry entry) throws Exception {
    List<Map.Entry<String, String>> cases = new ArrayList<>();
    for (Setting setting : settings(entry)) {
      String name = setting.key().substring(setting.key().lastIndexOf('.') + 1);
      if (SECRET_SETTINGS.contains(name)) {
        List.of(SECRET, "a${" + SECRET + "}c", SECRET + "\n" + SECRET)
            .forEach(value -> cases.add(Map.entry(setting.key(), value)));
      } else if (!setting.type().equals(Path.class) && isAnAddress(name)) {
        WITH_A_SECRET.forEach(value -> cases.add(Map.entry(setting.key(), value)));
      }
    }
    assertThat(cases).hasSizeGreaterThan(8);

    List<Said> all;
    try (SeenLog log = new SeenLog()) {
      all = new ArrayList<>(said(entry, cases));
      all.add(new Said("the log", "", String.join("\n", log.all())));
    }

    assertThat(all)
        .allSatisfy(
            said ->
                assertThat(said.text())
                    .as("%s=%s", said.key(), said.value())
                    .doesNotContain(SECRET, "Zauber"));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void doctorShowsOneRowForADriverWhoseAddressIsWrong(Catalogue.Entry entry) {
    String key =
        settings(entry).stream()
            .map(Setting::key)
            .filter(each -> isAnAddress(each.substring(each.lastIndexOf('.') + 1)))
            .findFirst()
            .orElseThrow();
    Map<String, String> configuration = new TreeMap<>(SERVERS);
    configuration.putAll(
        Map.of(
            "skep.drivers",
            "embedded",
            "skep.data",
            data.resolve("none").toString(),
            "skep." + entry.port().word() + ".driver",
            entry.name(),
            key,
            "nobody:Zaubernuss@no_where::"));
    StringWriter out = new StringWriter();
    CommandLine doctor = new CommandLine(new DoctorCommand(() -> builder(configuration)));
    doctor.setOut(new PrintWriter(out));

    assertThat(doctor.execute()).isEqualTo(1);

    assertThat(out.toString())
        .containsPattern(entry.port().word() + " +" + entry.name() + " .* WRONG\n")
        .contains("One problem:\n  " + entry.port().word() + ": " + key + ": ")
        .doesNotContain(SECRET);
  }

  private static boolean isAnAddress(String name) {
    return List.of("endpoint", "endpoints", "servers").contains(name);
  }

  private static List<Setting> settings(Catalogue.Entry entry) {
    String prefix = "skep." + entry.port().word() + "." + entry.name() + ".";
    return Catalogue.OF_THIS_BUILD.mappings().stream()
        .flatMap(mapping -> Setting.of(mapping).stream())
        .filter(setting -> setting.key().startsWith(prefix))
        .toList();
  }

  private static List<String> wrongValues(Setting setting) {
    if (setting.type() == Duration.class) {
      return List.of("-1h", "0s", "PT0.000000001S", "36500d", "99999999d", "soon");
    }
    if (Number.class.isAssignableFrom(setting.type())) {
      return List.of("-1", "0", "2147483647", "99999999999999999999", "many");
    }
    if (setting.type() == Boolean.class) {
      return List.of("true", "maybe");
    }
    if (setting.type() == Path.class) {
      return List.of("/nowhere/at/all", "/", "pom.xml", " ");
    }
    return List.of(
        "",
        " ",
        ",",
        "etcd-0",
        "http://[::1",
        "http://",
        "a_b:1",
        "127.0.0.1:0",
        "127.0.0.1:99999",
        "nats://127.0.0.1:99999",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:-1/",
        "u:p@h:1",
        "snow ☃",
        "x".repeat(3_000),
        "a\u0007b",
        "a/../b",
        "${nowhere}");
  }

  private List<Said> said(Catalogue.Entry entry, List<Map.Entry<String, String>> cases)
      throws Exception {
    AtomicReference<Map<String, String>> configuration = new AtomicReference<>(SERVERS);
    List<Said> all = new ArrayList<>();
    try (Workbench workbench = new Workbench(() -> builder(configuration.get()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Said>> examinations = new ArrayList<>();
      for (Map.Entry<String, String> one : cases) {
        configuration.set(with(entry, one));
        List<String> problems =
            new ConfigurationCheck(Catalogue.OF_THIS_BUILD)
                .check(builder(configuration.get()).build())
                .problems();
        if (!problems.isEmpty()) {
          all.add(new Said(one.getKey(), one.getValue(), Report.of(problems).text()));
        } else {
          ChosenDriver chosen =
              new ChosenDriver(
                  entry.port(), entry.name(), workbench.driver(entry.port(), entry.name()));
          examinations.add(() -> examined(chosen, one));
        }
      }
      for (Future<Said> each : threads.invokeAll(examinations)) {
        all.add(each.get());
      }
    }
    return all;
  }

  private static Said examined(ChosenDriver chosen, Map.Entry<String, String> one) {
    Examination examination = Examination.of(chosen);
    return new Said(
        one.getKey(),
        one.getValue(),
        String.join("\n", examination.word(), examination.problem(), chosen.driver().target()));
  }

  private static Map<String, String> with(Catalogue.Entry entry, Map.Entry<String, String> one) {
    Map<String, String> configuration = new TreeMap<>(SERVERS);
    configuration.put("skep.drivers", "embedded");
    configuration.put("skep.data", "data");
    configuration.put("skep." + entry.port().word() + ".driver", entry.name());
    configuration.put(one.getKey(), one.getValue());
    return configuration;
  }

  private static SmallRyeConfigBuilder builder(Map<String, String> configuration) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(configuration, "test", 400));
  }
}
