package dev.skep.port.objects.s3;

import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The driver's configuration, with short waits.
 *
 * @param settings by their keys without the driver's prefix
 */
record TestConfig(Map<String, String> settings) {

  static TestConfig of(String endpoint) {
    return new TestConfig(
        Map.ofEntries(
            Map.entry("endpoint", endpoint),
            Map.entry("bucket", "skep-test"),
            Map.entry("installation", "test"),
            Map.entry("access-key", S3Server.ACCESS_KEY),
            Map.entry("secret-key", S3Server.SECRET_KEY),
            Map.entry("part-size", Integer.toString(5 << 20)),
            Map.entry("connect-timeout", "1s"),
            Map.entry("read-timeout", "2s"),
            Map.entry("request-timeout", "4s"),
            Map.entry("commit-timeout", "20s")));
  }

  /** A store that is not open yet. */
  S3ObjectStore store() {
    return new S3ObjectStore(read());
  }

  S3ObjectsConfig read() {
    Wiring wiring = new Wiring();
    settings.forEach((key, value) -> wiring.configure("skep.objects.s3." + key, value));
    return wiring.get(S3ObjectsConfig.class);
  }

  TestConfig withEndpoint(String value) {
    return with("endpoint", Optional.of(value));
  }

  TestConfig withBucket(String value, boolean create) {
    return with("bucket", Optional.of(value))
        .with("create-bucket", Optional.of(Boolean.toString(create)));
  }

  TestConfig withPrefix(String value) {
    return with("prefix", Optional.of(value));
  }

  TestConfig withInstallation(String value) {
    return with("installation", Optional.of(value));
  }

  TestConfig withKeys(Optional<String> access, Optional<String> secret) {
    return with("access-key", access).with("secret-key", secret);
  }

  TestConfig withCa(Path value) {
    return with("ca", Optional.of(value.toString()));
  }

  TestConfig withPartSize(int value) {
    return with("part-size", Optional.of(Integer.toString(value)));
  }

  private TestConfig with(String key, Optional<String> value) {
    Map<String, String> changed = new HashMap<>(settings);
    changed.remove(key);
    value.ifPresent(present -> changed.put(key, present));
    return new TestConfig(Map.copyOf(changed));
  }
}
