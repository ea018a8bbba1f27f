package dev.skep.port.cache.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The driver's configuration as a value. */
record TestConfig(
    String servers,
    Mode mode,
    String masterName,
    Optional<String> user,
    Optional<String> password,
    boolean tls,
    Optional<Path> ca,
    String prefix,
    int connections,
    Duration timeout,
    Duration pause)
    implements RedisCacheConfig {

  static TestConfig of(String servers, Mode mode, String prefix) {
    return new TestConfig(
        servers,
        mode,
        "mymaster",
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        prefix,
        16,
        Duration.ofSeconds(2),
        Duration.ofMillis(500));
  }

  TestConfig withServers(String value) {
    return new TestConfig(
        value, mode, masterName, user, password, tls, ca, prefix, connections, timeout, pause);
  }

  TestConfig withMode(Mode value) {
    return new TestConfig(
        servers, value, masterName, user, password, tls, ca, prefix, connections, timeout, pause);
  }

  TestConfig withMasterName(String value) {
    return new TestConfig(
        servers, mode, value, user, password, tls, ca, prefix, connections, timeout, pause);
  }

  TestConfig withLogIn(Optional<String> name, Optional<String> word) {
    return new TestConfig(
        servers, mode, masterName, name, word, tls, ca, prefix, connections, timeout, pause);
  }

  TestConfig withTls(Optional<Path> authority) {
    return new TestConfig(
        servers,
        mode,
        masterName,
        user,
        password,
        true,
        authority,
        prefix,
        connections,
        timeout,
        pause);
  }

  TestConfig withPrefix(String value) {
    return new TestConfig(
        servers, mode, masterName, user, password, tls, ca, value, connections, timeout, pause);
  }

  TestConfig withTimes(Duration wait, Duration rest) {
    return new TestConfig(
        servers, mode, masterName, user, password, tls, ca, prefix, connections, wait, rest);
  }
}
