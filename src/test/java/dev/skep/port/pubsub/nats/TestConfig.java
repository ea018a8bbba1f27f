package dev.skep.port.pubsub.nats;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of a test; what it does not name is as by default, but the smaller buffer. */
record TestConfig(
    String servers,
    Optional<String> user,
    Optional<String> password,
    Optional<String> token,
    Optional<Path> ca,
    String prefix,
    Duration pingInterval,
    int maxPending)
    implements NatsPubSubConfig {

  static final int CAPACITY = 100;

  static TestConfig of(String servers) {
    return new TestConfig(
        servers,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "skep",
        Duration.ofSeconds(2),
        CAPACITY);
  }

  static TestConfig of(String host, int port) {
    return of("nats://" + host + ":" + port);
  }

  TestConfig logIn(String name, String secret) {
    return new TestConfig(
        servers,
        Optional.of(name),
        Optional.of(secret),
        token,
        ca,
        prefix,
        pingInterval,
        maxPending);
  }

  TestConfig token(String secret) {
    return new TestConfig(
        servers, user, password, Optional.of(secret), ca, prefix, pingInterval, maxPending);
  }

  TestConfig ca(Path file) {
    return new TestConfig(
        servers, user, password, token, Optional.of(file), prefix, pingInterval, maxPending);
  }

  TestConfig prefix(String words) {
    return new TestConfig(servers, user, password, token, ca, words, pingInterval, maxPending);
  }

  TestConfig pingInterval(Duration interval) {
    return new TestConfig(servers, user, password, token, ca, prefix, interval, maxPending);
  }

  TestConfig maxPending(int hints) {
    return new TestConfig(servers, user, password, token, ca, prefix, pingInterval, hints);
  }

  @Override
  public Duration connectTimeout() {
    return Duration.ofSeconds(2);
  }

  @Override
  public Duration timeout() {
    return Duration.ofMillis(1500);
  }
}
