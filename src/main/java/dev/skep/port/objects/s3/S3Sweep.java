package dev.skep.port.objects.s3;

import dev.skep.common.SkepException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Removes what killed processes left under our prefix: parts of uploads that nobody finished, and
 * probes. At the start and every hour, by each replica, since doing it twice does no harm.
 */
final class S3Sweep implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(S3Sweep.class);
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final S3Endpoints endpoints;
  private final KeySpace space;
  private final Duration abandonedAfter;
  private final InstantSource clock;
  private final Thread thread;

  S3Sweep(S3Endpoints endpoints, KeySpace space, Duration abandonedAfter, InstantSource clock) {
    this.endpoints = endpoints;
    this.space = space;
    this.abandonedAfter = abandonedAfter;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("skep-objects-s3-sweep").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        sweepOrLog();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void sweepOrLog() {
    try {
      sweep();
    } catch (S3Failure e) {
      warn(e.toSkepException());
    } catch (SkepException e) {
      warn(e);
    } catch (RuntimeException e) {
      LOG.error("Abandoned uploads could not be looked for; it is tried again in an hour", e);
    }
  }

  private static void warn(SkepException e) {
    if (!Thread.currentThread().isInterrupted()) {
      LOG.warnf(
          "Abandoned uploads could not be looked for, which will be tried again in an hour: %s",
          e.detail());
    }
  }

  /** Removes what is old enough, and returns how many uploads that were. */
  int sweep() {
    Instant before = clock.instant().minus(abandonedAfter);
    int removed = 0;
    String key = null;
    String id = null;
    ListMultipartUploadsResponse page;
    do {
      String afterKey = key;
      String afterId = id;
      page =
          endpoints.ask(
              s3 ->
                  s3.listMultipartUploads(
                      r ->
                          r.bucket(space.bucket())
                              .prefix(space.all())
                              .keyMarker(afterKey)
                              .uploadIdMarker(afterId)));
      for (MultipartUpload each : page.uploads()) {
        if (each.key().startsWith(space.all()) && isBefore(each.initiated(), before)) {
          abort(each);
          removed++;
        }
      }
      key = page.nextKeyMarker();
      id = page.nextUploadIdMarker();
    } while (Boolean.TRUE.equals(page.isTruncated()) && key != null);
    sweepProbes(before);
    return removed;
  }

  private void abort(MultipartUpload upload) {
    try {
      endpoints.ask(
          s3 ->
              s3.abortMultipartUpload(
                  r -> r.bucket(space.bucket()).key(upload.key()).uploadId(upload.uploadId())));
    } catch (S3Failure e) {
      if (e.kind() != S3Failure.Kind.ABSENT) {
        throw e;
      }
    }
  }

  private void sweepProbes(Instant before) {
    for (S3Object each :
        endpoints
            .ask(s3 -> s3.listObjectsV2(r -> r.bucket(space.bucket()).prefix(space.probes())))
            .contents()) {
      if (isBefore(each.lastModified(), before)) {
        endpoints.ask(s3 -> s3.deleteObject(r -> r.bucket(space.bucket()).key(each.key())));
      }
    }
  }

  /** A server that does not tell when is not trusted with a guess. */
  private static boolean isBefore(@Nullable Instant time, Instant limit) {
    return time != null && time.isBefore(limit);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
