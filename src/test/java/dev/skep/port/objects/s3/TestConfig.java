package dev.skep.port.objects.s3;

import dev.skep.testkit.server.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The driver's configuration as a value, with short waits. */
record TestConfig(
    Optional<String> endpoint,
    String region,
    String bucket,
    boolean createBucket,
    String prefix,
    String installation,
    Optional<String> accessKey,
    Optional<String> secretKey,
    boolean pathStyle,
    Optional<Path> ca,
    int partSize,
    Duration connectTimeout,
    Duration readTimeout,
    Duration requestTimeout,
    Duration commitTimeout,
    int retries,
    Duration abandonedAfter)
    implements S3ObjectsConfig {

  static TestConfig of(String endpoint) {
    return new TestConfig(
        Optional.of(endpoint),
        "us-east-1",
        "skep-test",
        true,
        "skep",
        "test",
        Optional.of(S3Server.ACCESS_KEY),
        Optional.of(S3Server.SECRET_KEY),
        true,
        Optional.empty(),
        5 << 20,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(4),
        Duration.ofSeconds(20),
        2,
        Duration.ofDays(2));
  }

  TestConfig withEndpoint(String value) {
    return new TestConfig(
        Optional.of(value),
        region,
        bucket,
        createBucket,
        prefix,
        installation,
        accessKey,
        secretKey,
        pathStyle,
        ca,
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withBucket(String value, boolean create) {
    return new TestConfig(
        endpoint,
        region,
        value,
        create,
        prefix,
        installation,
        accessKey,
        secretKey,
        pathStyle,
        ca,
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withPrefix(String value) {
    return new TestConfig(
        endpoint,
        region,
        bucket,
        createBucket,
        value,
        installation,
        accessKey,
        secretKey,
        pathStyle,
        ca,
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withInstallation(String value) {
    return new TestConfig(
        endpoint,
        region,
        bucket,
        createBucket,
        prefix,
        value,
        accessKey,
        secretKey,
        pathStyle,
        ca,
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withKeys(Optional<String> access, Optional<String> secret) {
    return new TestConfig(
        endpoint,
        region,
        bucket,
        createBucket,
        prefix,
        installation,
        access,
        secret,
        pathStyle,
        ca,
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withCa(Path value) {
    return new TestConfig(
        endpoint,
        region,
        bucket,
        createBucket,
        prefix,
        installation,
        accessKey,
        secretKey,
        pathStyle,
        Optional.of(value),
        partSize,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }

  TestConfig withPartSize(int value) {
    return new TestConfig(
        endpoint,
        region,
        bucket,
        createBucket,
        prefix,
        installation,
        accessKey,
        secretKey,
        pathStyle,
        ca,
        value,
        connectTimeout,
        readTimeout,
        requestTimeout,
        commitTimeout,
        retries,
        abandonedAfter);
  }
}
