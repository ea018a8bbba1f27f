package dev.skep.port.objects.s3;

import static dev.skep.port.objects.s3.S3Clients.KEY;

import dev.skep.port.CannotOpen;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What an open looks at before anything else is done: whether bucket and folder are ours, and
 * whether the server keeps what the port promises (P20). Safe when many replicas start at once.
 */
final class S3Setup {

  private static final int VERSION = 1;
  private static final Pattern FORMAT = Pattern.compile("skep-objects (\\d{1,9}) (\\S{1,200})\\s*");

  private final S3ObjectsConfig config;
  private final S3Endpoints endpoints;
  private final KeySpace space;

  S3Setup(S3ObjectsConfig config, S3Endpoints endpoints, KeySpace space) {
    this.config = config;
    this.endpoints = endpoints;
    this.space = space;
  }

  /**
   * Makes bucket and format object where they are missing, and tries the server out.
   *
   * @return whether it puts parts together only where no object is
   * @throws CannotOpen when it is another's, or the server is of no use
   * @throws S3Failure when something may work later
   */
  boolean prepare() {
    String format = format();
    if (format != null) {
      requireOurs(format);
      return probe();
    }
    requireBucket();
    requireNothing();
    boolean conditional = probe();
    requireOurs(writeFormat());
    return conditional;
  }

  private void requireBucket() {
    try {
      list(space.all());
    } catch (S3Failure e) {
      if (e.kind() != S3Failure.Kind.NO_BUCKET) {
        throw e;
      }
      if (!config.createBucket()) {
        throw new CannotOpen(
            KEY + "bucket",
            "there is no bucket "
                + space.bucket()
                + ". Make it, name another one or set "
                + KEY
                + "create-bucket",
            e);
      }
      createBucket();
    }
  }

  private void createBucket() {
    try {
      endpoints.ask(
          s3 -> s3.createBucket(CreateBucketRequest.builder().bucket(space.bucket()).build()));
    } catch (S3Failure e) {
      switch (e.code()) {
        case "BucketAlreadyOwnedByYou" -> {
          // another replica was faster
        }
        case "BucketAlreadyExists" ->
            throw new CannotOpen(
                KEY + "bucket",
                "the bucket " + space.bucket() + " belongs to somebody else. Name another one",
                e);
        case "InvalidBucketName" ->
            throw new CannotOpen(
                KEY + "bucket", space.bucket() + " is no name that the server takes", e);
        case "AccessDenied" ->
            throw new CannotOpen(
                KEY + "bucket",
                "there is no bucket "
                    + space.bucket()
                    + ", and this access key may not make it. Make it, or name another one",
                e);
        default -> throw e;
      }
    }
  }

  /** Another replica that starts at this moment may have left a probe, or the format by now. */
  private void requireNothing() {
    for (S3Object each : list(space.all())) {
      if (!each.key().startsWith(space.probes()) && format() == null) {
        throw new CannotOpen(
            KEY + "prefix",
            "the folder "
                + space.prefix()
                + " of the bucket "
                + space.bucket()
                + " holds objects ("
                + each.key()
                + ") but no object format, so it is not Skep's or damaged. Name another folder, or"
                + " restore the backup",
            null);
      }
    }
  }

  private String writeFormat() {
    String mine = "skep-objects " + VERSION + " " + config.installation() + "\n";
    try {
      endpoints.ask(
          s3 ->
              s3.putObject(
                  request -> request.bucket(space.bucket()).key(space.format()).ifNoneMatch("*"),
                  RequestBody.fromString(mine)));
      return mine;
    } catch (S3Failure e) {
      String theirs = format();
      if (theirs == null) {
        throw e;
      }
      return theirs;
    }
  }

  private void requireOurs(String content) {
    Matcher format = FORMAT.matcher(content);
    if (!format.matches()) {
      throw new CannotOpen(
          KEY + "prefix",
          "the object "
              + space.format()
              + " is damaged or not Skep's, so the folder's format is unknown. Name another folder,"
              + " or restore the backup",
          null);
    }
    if (Integer.parseInt(format.group(1)) > VERSION) {
      throw new CannotOpen(
          KEY + "prefix",
          "the folder "
              + space.prefix()
              + " is of format "
              + format.group(1)
              + ", written by a newer Skep; this one knows "
              + VERSION
              + ". Start the newer one",
          null);
    }
    if (!format.group(2).equals(config.installation())) {
      throw new CannotOpen(
          KEY + "prefix",
          "the folder "
              + space.prefix()
              + " belongs to the installation "
              + format.group(2)
              + ", this one is "
              + config.installation()
              + ". Name another folder, or set "
              + KEY
              + "installation",
          null);
    }
  }

  private @Nullable String format() {
    try {
      return get(space.format(), null);
    } catch (S3Failure e) {
      if (e.kind() == S3Failure.Kind.ABSENT || e.kind() == S3Failure.Kind.NO_BUCKET) {
        return null;
      }
      throw e;
    }
  }

  private boolean probe() {
    String probe = space.probes() + UUID.randomUUID();
    try {
      require(putIfAbsent(probe, "first"), "conditional writes (If-None-Match)");
      require(!putIfAbsent(probe, "second"), "conditional writes (If-None-Match)");
      require("first".equals(get(probe, null)), "reading what was just written");
      require("irs".equals(get(probe, "bytes=1-3")), "reading ranges");
      require(
          list(probe).stream().anyMatch(each -> each.key().equals(probe)),
          "listing what was just written");
      boolean conditional = !completeIfAbsent(probe);
      delete(probe);
      require(list(probe).isEmpty(), "listing without what was just deleted");
      return conditional;
    } catch (RuntimeException e) {
      deleteQuietly(probe);
      throw e;
    }
  }

  private void require(boolean kept, String ability) {
    if (!kept) {
      throw new CannotOpen(
          KEY + "endpoint",
          "the server, or a proxy before it, does not support "
              + ability
              + ", without which content would be lost. Use another server",
          null);
    }
  }

  private boolean putIfAbsent(String object, String content) {
    try {
      endpoints.ask(
          s3 ->
              s3.putObject(
                  request -> request.bucket(space.bucket()).key(object).ifNoneMatch("*"),
                  RequestBody.fromString(content)));
      return true;
    } catch (S3Failure e) {
      if (e.kind() == S3Failure.Kind.EXISTS) {
        // Where an earlier answer was lost, what is there may be ours.
        return e.maybeDone() && content.equals(get(object, null));
      }
      require(
          e.kind() != S3Failure.Kind.REFUSED || !isUnknown(e),
          "conditional writes (If-None-Match)");
      throw e;
    }
  }

  /** Whether parts were put together although the object exists, or there is no such condition. */
  private boolean completeIfAbsent(String object) {
    String id =
        endpoints
            .ask(s3 -> s3.createMultipartUpload(r -> r.bucket(space.bucket()).key(object)))
            .uploadId();
    String etag =
        endpoints
            .ask(
                s3 ->
                    s3.uploadPart(
                        r -> r.bucket(space.bucket()).key(object).uploadId(id).partNumber(1),
                        RequestBody.fromString("third")))
            .eTag();
    try {
      endpoints.ask(
          s3 ->
              s3.completeMultipartUpload(
                  r ->
                      r.bucket(space.bucket())
                          .key(object)
                          .uploadId(id)
                          .ifNoneMatch("*")
                          .multipartUpload(
                              all ->
                                  all.parts(
                                      CompletedPart.builder().partNumber(1).eTag(etag).build()))));
      return true;
    } catch (S3Failure e) {
      if (e.kind() == S3Failure.Kind.EXISTS) {
        abort(object, id);
        return false;
      }
      if (isUnknown(e)) {
        abort(object, id);
        return true;
      }
      throw e;
    }
  }

  private static boolean isUnknown(S3Failure e) {
    return e.code().equals("NotImplemented") || e.code().equals("InvalidArgument");
  }

  private void abort(String object, String id) {
    try {
      endpoints.askOnce(
          s3 -> s3.abortMultipartUpload(r -> r.bucket(space.bucket()).key(object).uploadId(id)));
    } catch (S3Failure e) {
      // The sweep removes it.
    }
  }

  private String get(String object, @Nullable String range) {
    return endpoints.ask(
        s3 ->
            new String(
                s3.getObjectAsBytes(r -> r.bucket(space.bucket()).key(object).range(range))
                    .asByteArrayUnsafe(),
                StandardCharsets.UTF_8));
  }

  private List<S3Object> list(String prefix) {
    return endpoints
        .ask(s3 -> s3.listObjectsV2(r -> r.bucket(space.bucket()).prefix(prefix)))
        .contents();
  }

  private void delete(String object) {
    endpoints.ask(s3 -> s3.deleteObject(r -> r.bucket(space.bucket()).key(object)));
  }

  private void deleteQuietly(String object) {
    try {
      endpoints.askOnce(s3 -> s3.deleteObject(r -> r.bucket(space.bucket()).key(object)));
    } catch (S3Failure e) {
      // The sweep removes it.
    }
  }
}
