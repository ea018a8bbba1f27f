package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.boot.Catalogue.Entry;
import dev.skep.common.Between;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every wrong choice by its exact text. */
class ConfigurationCheckTest {

  /** The settings of a driver that exists only here. */
  @ConfigMapping(prefix = "skep.cache.redis")
  interface RedisConfig {
    String url();

    @WithDefault("8")
    @Between(min = 1, max = 64)
    int connections();

    @WithDefault("2s")
    Duration patience();

    @WithDefault("false")
    boolean tls();

    Optional<Flavour> flavour();
  }

  enum Flavour {
    SINGLE,
    CLUSTER
  }

  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              new Entry(Port.SQL, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.OBJECTS, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.CONFIG, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.CACHE, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.CACHE, "redis", Optional.of(DriverSet.CLUSTERED)),
              new Entry(Port.PUBSUB, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.COORDINATOR, "embedded", Optional.of(DriverSet.EMBEDDED)),
              new Entry(Port.REGISTRY, "embedded", Optional.of(DriverSet.EMBEDDED))),
          List.of(SkepConfig.class, RedisConfig.class));

  @Test
  void theEmbeddedSetChoosesForEveryPort() {
    var result = check(Map.of("skep.drivers", "embedded"));

    assertThat(result.problems()).isEmpty();
    assertThat(result.choice().drivers().values()).hasSize(7).containsOnly("embedded");
  }

  @Test
  void aSingleKeyWinsOverTheSet() {
    var result =
        check(
            Map.of(
                "skep.drivers", "embedded",
                "skep.cache.driver", "redis",
                "skep.cache.redis.url", "redis://cache"));

    assertThat(result.problems()).isEmpty();
    assertThat(result.choice().driver(Port.CACHE)).isEqualTo("redis");
    assertThat(result.choice().driver(Port.SQL)).isEqualTo("embedded");
  }

  @Test
  void anUnknownDriverIsToldWithTheAvailableOnesAndTheNearestName() {
    assertThat(problems("skep.cache.driver", "reddis"))
        .containsExactly(
            "skep.cache.driver=reddis: no such driver. Available: embedded, redis. Did you mean redis?");
  }

  @Test
  void anUnknownSetIsToldWithTheAvailableOnes() {
    assertThat(check(Map.of("skep.drivers", "embeded")).problems())
        .containsExactly(
            "skep.drivers=embeded: no such set of drivers. Available: embedded, clustered. Did you mean embedded?");
  }

  @Test
  void aPortWithoutAClusteredDriverIsTold() {
    assertThat(
            check(Map.of("skep.drivers", "clustered", "skep.cache.redis.url", "redis://cache"))
                .problems())
        .containsExactly(
            "skep.sql.driver: no clustered driver is available yet. Available: embedded.",
            "skep.objects.driver: no clustered driver is available yet. Available: embedded.",
            "skep.config.driver: no clustered driver is available yet. Available: embedded.",
            "skep.pubsub.driver: no clustered driver is available yet. Available: embedded.",
            "skep.coordinator.driver: no clustered driver is available yet. Available: embedded.",
            "skep.registry.driver: no clustered driver is available yet. Available: embedded.");
  }

  @Test
  void anUnknownRoleIsToldWithTheNearest() {
    assertThat(problems("skep.roles", "wbe,worker"))
        .containsExactly("skep.roles=wbe: no such role. Available: web, worker. Did you mean web?");
  }

  @Test
  void aSecretWithALineEndIsToldWithoutIt() {
    assertThat(problems("skep.admin.password", "pa$$word-1\r"))
        .containsExactly(
            "skep.admin.password: holds a line end or another control character. Is it from a file with Windows' line ends?");
  }

  @Test
  void aPasswordAndAFileForItAreOneTooMany() {
    assertThat(
            check(
                    Map.of(
                        "skep.drivers", "embedded",
                        "skep.admin.password", "a long password",
                        "skep.admin.password-file", "/run/secrets/admin"))
                .problems())
        .containsExactly(
            "skep.admin.password-file: set beside skep.admin.password. Leave one of them out.");
  }

  @Test
  void aTrustedProxyThatIsNoAddressIsTold() {
    assertThat(problems("skep.trusted-proxies", "127.0.0.1,nginx"))
        .containsExactly(
            "skep.trusted-proxies=nginx: not an address or network, such as 127.0.0.1 or 10.0.0.0/8.");
  }

  @Test
  void noRoleAtAllIsTold() {
    assertThat(problems("skep.roles", " , "))
        .containsExactly("skep.roles: names no role. Available: web, worker.");
  }

  @Test
  void oneRoleAloneNeedsSharedDrivers() {
    assertThat(
            check(
                    Map.of(
                        "skep.drivers", "embedded",
                        "skep.cache.driver", "redis",
                        "skep.cache.redis.url", "redis://cache",
                        "skep.roles", "web"))
                .problems())
        .containsExactly(
            "skep.roles=web: a replica with an embedded driver (skep.sql.driver, skep.objects.driver,"
                + " skep.config.driver, skep.pubsub.driver, skep.coordinator.driver, skep.registry.driver) can have no other beside it, so nobody"
                + " would be worker. Leave skep.roles out, or choose shared drivers.");
  }

  @Test
  void anUnknownKeyIsToldWithTheNearest() {
    assertThat(problems("skep.cahce.driver", "embedded"))
        .containsExactly("skep.cahce.driver: no such key. Did you mean skep.cache.driver?");
  }

  @Test
  void anUnknownKeyOfAProfileIsTold() {
    assertThat(problems("%dev.skep.dta", "here"))
        .containsExactly("skep.dta: no such key. Did you mean skep.data?");
  }

  @Test
  void anUnknownEnvironmentVariableIsToldByItsOwnName() {
    assertThat(environment("SKEP_CAHCE_DRIVER", "embedded"))
        .containsExactly("SKEP_CAHCE_DRIVER: no such key. Did you mean SKEP_CACHE_DRIVER?");
  }

  @Test
  void aKnownEnvironmentVariableIsNoUnknownKey() {
    assertThat(environment("SKEP_ADMIN_PASSWORD", "secret")).isEmpty();
    assertThat(environment("SKEP_CACHE_DRIVER", "reddis"))
        .containsExactly(
            "skep.cache.driver=reddis: no such driver. Available: embedded, redis. Did you mean redis?");
  }

  @Test
  void variablesThatKubernetesSetsForAServiceNamedSkepAreNotJudged() {
    assertThat(environment("SKEP_SERVICE_HOST", "10.0.0.1")).isEmpty();
    assertThat(environment("SKEP_PORT_8080_TCP_ADDR", "10.0.0.1")).isEmpty();
    assertThat(environment("SKEP_WORKER_SERVICE_PORT_HTTP", "80")).isEmpty();
  }

  @Test
  void aMissingSettingOfAChosenDriverIsToldByKeyAndVariable() {
    assertThat(problems("skep.cache.driver", "redis"))
        .containsExactly(
            "skep.cache.redis.url: missing. Set it, or the environment variable SKEP_CACHE_REDIS_URL.");
  }

  @Test
  void aSettingThatIsTakenFromAnotherKeyIsMissingOnlyWithIt() {
    var check = new ConfigurationCheck(Catalogue.OF_THIS_BUILD);
    var etcd = Map.of("skep.drivers", "clustered");
    var zooKeeper =
        Map.of("skep.coordinator.driver", "zookeeper", "skep.registry.driver", "zookeeper");

    assertThat(check.check(config(etcd)).problems())
        .anyMatch(each -> each.startsWith("skep.config.etcd.endpoints: missing."))
        .anyMatch(each -> each.startsWith("skep.coordinator.etcd.endpoints: missing."));
    assertThat(check.check(config(with(etcd, "skep.config.etcd.endpoints"))).problems()).isEmpty();
    assertThat(check.check(config(with(etcd, "skep.registry.etcd.endpoints"))).problems())
        .anyMatch(each -> each.startsWith("skep.coordinator.etcd.endpoints: missing."));
    assertThat(
            check.check(config(with(zooKeeper, "skep.coordinator.zookeeper.servers"))).problems())
        .isNotEmpty()
        .noneMatch(each -> each.contains("zookeeper"));
  }

  private static Map<String, String> with(Map<String, String> properties, String key) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(key, "somewhere");
    return more;
  }

  @Test
  void aSettingOfADriverThatWasNotChosenIsNotAskedFor() {
    assertThat(problems("skep.cache.driver", "embedded")).isEmpty();
  }

  @Test
  void aValueOfTheWrongTypeIsToldByWhatItShouldBe() {
    assertThat(redis("connections", "many"))
        .containsExactly("skep.cache.redis.connections=many: not a number.");
    assertThat(redis("patience", "soon"))
        .containsExactly("skep.cache.redis.patience=soon: not a duration, such as 10s or 5m.");
    assertThat(redis("flavour", "sour"))
        .containsExactly("skep.cache.redis.flavour=sour: not one of single, cluster.");
  }

  @Test
  void aNumberOutOfItsBoundsIsTold() {
    assertThat(redis("connections", "1")).isEmpty();
    assertThat(redis("connections", "64")).isEmpty();
    assertThat(redis("connections", "0"))
        .containsExactly("skep.cache.redis.connections=0: not between 1 and 64.");
    assertThat(redis("connections", "65"))
        .containsExactly("skep.cache.redis.connections=65: not between 1 and 64.");
  }

  @Test
  void anExpressionThatLeadsNowhereIsTold() {
    assertThat(problems("skep.data", "${nowhere}"))
        .containsExactly("skep.data: refers to a key that is not set.");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    var problems =
        check(
                Map.of(
                    "skep.drivers", "embedded",
                    "skep.sql.driver", "postgres",
                    "skep.cache.driver", "redis",
                    "skep.cache.redis.connections", "many",
                    "skep.fruit", "banana"))
            .problems();

    assertThat(problems)
        .containsExactly(
            "skep.fruit: no such key. Did you mean skep.data?",
            "skep.sql.driver=postgres: no such driver. Available: embedded. Did you mean embedded?",
            "skep.cache.redis.connections=many: not a number.",
            "skep.cache.redis.url: missing. Set it, or the environment variable SKEP_CACHE_REDIS_URL.");
  }

  @Test
  void aDurationOutOfSenseIsRefused() {
    assertThat(redis("patience", "-1h"))
        .containsExactly("skep.cache.redis.patience=-1h: not between 0s and 36500d.");
    assertThat(redis("patience", "999999d"))
        .containsExactly("skep.cache.redis.patience=999999d: not between 0s and 36500d.");
  }

  @Test
  void aSettingThatIsWrittenEmptyIsRefusedUnlessItMayBeAbsent() {
    assertThat(redis("patience", ""))
        .containsExactly("skep.cache.redis.patience: is empty. Give it a value, or leave it out.");
    assertThat(redis("flavour", "")).isEmpty();
    assertThat(problems("skep.data", ""))
        .containsExactly("skep.data: is empty. Give it a value, or leave it out.");
  }

  @Test
  void aPathThatCannotBeNamedIsRefused() {
    assertThat(problems("skep.data", "a\u0000b"))
        .containsExactly(
            "skep.data=a…b: not a path that can be named here; letters beyond ASCII need a locale"
                + " such as LC_ALL=C.UTF-8.");
  }

  @Test
  void whereToListenIsCheckedBeforeQuarkusDoes() {
    for (String port : List.of("abc", "99999", "", "-1", "80 80")) {
      assertThat(problems("quarkus.http.port", port))
          .containsExactly(
              "quarkus.http.port="
                  + port
                  + ": not a port. Use 1 to 65535, or 0 for any that is free.");
    }
    for (String host : List.of("127.0.0.1 ", "http://127.0.0.1", "", "a b")) {
      assertThat(problems("quarkus.http.host", host))
          .containsExactly(
              "quarkus.http.host="
                  + host
                  + ": not a host. Use a name or an address alone, such as 127.0.0.1, or 0.0.0.0"
                  + " for all networks.");
    }
    assertThat(problems("quarkus.http.host", "no-such-host.invalid"))
        .containsExactly(
            "quarkus.http.host=no-such-host.invalid: no address is known for this name.");
    for (String host : List.of("127.0.0.1", "0.0.0.0", "::1", "::", "[::1]", "localhost")) {
      assertThat(problems("quarkus.http.host", host)).isEmpty();
    }
    assertThat(problems("quarkus.http.port", "0")).isEmpty();
  }

  @Test
  void noProblemRepeatsALogIn() {
    assertThat(problems("skep.sql.driver", "mysql://root:word@host"))
        .singleElement()
        .asString()
        .startsWith("skep.sql.driver=…@host: no such driver.");
    assertThat(redis("connections", "redis://root:word@host"))
        .containsExactly("skep.cache.redis.connections=…@host: not a number.");
    assertThat(
            check(
                    Map.of(
                        "skep.drivers", "embedded",
                        "skep.cache.driver", "redis",
                        "skep.cache.redis.url", "a${b}c"))
                .problems())
        .containsExactly("skep.cache.redis.url: refers to a key that is not set.");
  }

  private static List<String> problems(String key, String value) {
    return check(Map.of("skep.drivers", "embedded", key, value)).problems();
  }

  private static List<String> redis(String key, String value) {
    return check(
            Map.of(
                "skep.drivers",
                "embedded",
                "skep.cache.driver",
                "redis",
                "skep.cache.redis.url",
                "redis://cache",
                "skep.cache.redis." + key,
                value))
        .problems();
  }

  private static List<String> environment(String variable, String value) {
    SmallRyeConfig config =
        builder(Map.of("skep.drivers", "embedded"))
            .withSources(new EnvConfigSource(Map.of(variable, value), 300))
            .build();
    return new ConfigurationCheck(CATALOGUE)
        .check(config).problems().stream()
            .filter(problem -> !problem.startsWith("skep.cache.redis.url"))
            .toList();
  }

  private static ConfigurationCheck.Result check(Map<String, String> properties) {
    return new ConfigurationCheck(CATALOGUE).check(config(properties));
  }

  private static SmallRyeConfig config(Map<String, String> properties) {
    return builder(properties).build();
  }

  private static SmallRyeConfigBuilder builder(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(properties, "test", 100));
  }
}
