package dev.skep.port.objects.s3;

import static dev.skep.port.objects.s3.S3Clients.KEY;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.Redacted;
import dev.skep.port.objects.BlobKey;
import dev.skep.port.objects.ObjectStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as objects of a bucket, which any number of replicas share. A blob's key is made by one
 * conditional request, so that of many commits one wins; the server must keep that promise, which
 * {@link #open()} tries.
 */
@Singleton
@Identifier("s3")
public final class S3ObjectStore implements ObjectStore, Driver {

  private static final Logger LOG = Logger.getLogger(S3ObjectStore.class);
  private static final int MIN_PART = 5 << 20;
  private static final String NAME = "[A-Za-z0-9._-]+";

  /** All that lives between open and close. */
  private record Open(S3Endpoints endpoints, KeySpace space, S3Blobs blobs, S3Sweep sweep) {

    void close() {
      sweep.close();
      blobs.abortAll();
      endpoints.close();
    }
  }

  private final S3ObjectsConfig config;
  private volatile @Nullable Open open;

  @Inject
  public S3ObjectStore(S3ObjectsConfig config) {
    this.config = config;
  }

  @Override
  public void open() {
    requireSense();
    S3Endpoints endpoints = S3Clients.of(config);
    try {
      open = prepare(endpoints);
    } catch (S3Failure e) {
      endpoints.close();
      throw OpenFailure.of(config, e);
    } catch (RuntimeException e) {
      endpoints.close();
      throw e;
    }
  }

  private Open prepare(S3Endpoints endpoints) {
    KeySpace space = new KeySpace(config.bucket(), config.prefix());
    boolean conditional = new S3Setup(config, endpoints, space).prepare();
    if (!conditional) {
      LOG.info(
          "The S3 server puts parts together without conditions (If-None-Match), so Skep reserves"
              + " the keys of large blobs by one more request each");
    }
    S3Sweep sweep = new S3Sweep(endpoints, space, config.abandonedAfter(), InstantSource.system());
    sweep.start();
    return new Open(endpoints, space, new S3Blobs(endpoints, space, conditional), sweep);
  }

  private void requireSense() {
    require(config.partSize() >= MIN_PART, "part-size", "must be at least " + MIN_PART);
    require(config.retries() >= 0 && config.retries() <= 10, "retries", "must be 0 to 10");
    require(!config.region().isBlank(), "region", "must not be empty");
    require(config.bucket().matches(NAME), "bucket", "must be letters, digits, '.', '-' and '_'");
    require(
        config.prefix().matches(NAME + "(/" + NAME + ")*"),
        "prefix",
        "must be names of letters, digits, '.', '-' and '_', separated by slashes");
    require(
        config.installation().matches(NAME),
        "installation",
        "must be letters, digits, '.', '-' and '_'");
    requirePositive(config.connectTimeout(), "connect-timeout");
    requirePositive(config.readTimeout(), "read-timeout");
    requirePositive(config.requestTimeout(), "request-timeout");
    requirePositive(config.commitTimeout(), "commit-timeout");
    requirePositive(config.abandonedAfter(), "abandoned-after");
  }

  private static void requirePositive(Duration time, String setting) {
    require(time.compareTo(Duration.ZERO) > 0, setting, "must be more than 0");
  }

  private static void require(boolean right, String setting, String detail) {
    if (!right) {
      throw new CannotOpen(KEY + setting, detail, null);
    }
  }

  @Override
  public String target() {
    return config.endpoint().map(Redacted::address).orElse("Amazon " + config.region())
        + " bucket "
        + config.bucket()
        + "/"
        + config.prefix();
  }

  @Override
  public void check() {
    Open now = opened();
    try {
      now.endpoints()
          .ask(s3 -> s3.headObject(r -> r.bucket(config.bucket()).key(now.space().format())));
    } catch (S3Failure e) {
      throw e.toSkepException();
    }
  }

  @Override
  public void close() {
    Open last = open;
    open = null;
    if (last != null) {
      last.close();
    }
  }

  @Override
  public Upload create(String key, long length) {
    BlobKey.checked(key);
    return new S3Upload(opened().blobs(), key, length, config.partSize(), config.retries());
  }

  @Override
  public long held(long length) {
    return length < 0 ? config.partSize() : Math.min(length, config.partSize());
  }

  @Override
  public @Nullable Download open(String key, long offset, long length) {
    BlobKey.checked(key);
    if (offset < 0 || length < -1) {
      throw new IllegalArgumentException("No range: " + length + " bytes from " + offset);
    }
    try {
      return S3Download.open(opened().blobs(), key, config.retries(), offset, length);
    } catch (S3Failure e) {
      throw e.toSkepException();
    }
  }

  @Override
  public void delete(String key) {
    BlobKey.checked(key);
    try {
      opened().blobs().delete(key);
    } catch (S3Failure e) {
      throw e.ofWrite();
    }
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    try {
      return opened().blobs().list(prefix, after, limit);
    } catch (S3Failure e) {
      throw e.toSkepException();
    }
  }

  private Open opened() {
    Open now = open;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The object store is not open");
    }
    return now;
  }
}
