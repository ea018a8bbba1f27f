package dev.skep.port.objects.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The requests about blobs, each told in terms of their keys. All throw {@link S3Failure}.
 * Thread-safe.
 */
final class S3Blobs {

  private static final int MOST_LISTED = 1000;
  private static final String IF_ABSENT = "*";

  private final S3Endpoints endpoints;
  private final KeySpace space;
  private final boolean completesConditionally;

  /** Uploads in parts that run in this process, and their keys. */
  private final Map<String, String> running = new ConcurrentHashMap<>();

  /**
   * @param completesConditionally whether the server puts parts together only where no object is
   */
  S3Blobs(S3Endpoints endpoints, KeySpace space, boolean completesConditionally) {
    this.endpoints = endpoints;
    this.space = space;
    this.completesConditionally = completesConditionally;
  }

  /** Makes the object, unless there is one. */
  void put(String key, BlobMark mark, RequestBody body) {
    endpoints.askUnlessLost(
        s3 ->
            s3.putObject(
                request ->
                    request
                        .bucket(space.bucket())
                        .key(space.object(key))
                        .ifNoneMatch(IF_ABSENT)
                        .metadata(mark.metadata()),
                body));
  }

  /** Begins an upload in parts and returns its id. */
  String begin(String key, BlobMark mark) {
    String id =
        endpoints
            .ask(
                s3 ->
                    s3.createMultipartUpload(
                        request ->
                            request
                                .bucket(space.bucket())
                                .key(space.object(key))
                                .metadata(mark.metadata())))
            .uploadId();
    running.put(id, key);
    return id;
  }

  /** Sends a part and returns its ETag. */
  String put(String key, String uploadId, int number, RequestBody body) {
    return endpoints
        .ask(
            s3 ->
                s3.uploadPart(
                    request ->
                        request
                            .bucket(space.bucket())
                            .key(space.object(key))
                            .uploadId(uploadId)
                            .partNumber(number),
                    body))
        .eTag();
  }

  /**
   * Puts the parts together, unless there is an object. Where the server cannot see to that itself,
   * an empty object, made only where none is, reserves the key first; nobody is shown it.
   */
  void complete(String key, String uploadId, BlobMark mark, List<CompletedPart> parts) {
    if (completesConditionally) {
      assemble(key, uploadId, parts, IF_ABSENT);
      return;
    }
    reserve(key, mark.reserving());
    try {
      assemble(key, uploadId, parts, null);
    } catch (S3Failure e) {
      if (!e.maybeDone() && e.kind() != S3Failure.Kind.ABSENT) {
        delete(key);
      }
      throw e;
    }
  }

  private void reserve(String key, BlobMark mark) {
    try {
      put(key, mark, RequestBody.empty());
    } catch (S3Failure e) {
      if (e.kind() != S3Failure.Kind.EXISTS || !mark.equals(mark(key))) {
        throw e;
      }
    }
  }

  private void assemble(
      String key, String uploadId, List<CompletedPart> parts, @Nullable String ifNoneMatch) {
    endpoints.askPatientlyUnlessLost(
        s3 ->
            s3.completeMultipartUpload(
                request ->
                    request
                        .bucket(space.bucket())
                        .key(space.object(key))
                        .uploadId(uploadId)
                        .ifNoneMatch(ifNoneMatch)
                        .multipartUpload(all -> all.parts(parts))));
  }

  /** The upload has become a blob. */
  void forget(String uploadId) {
    running.remove(uploadId);
  }

  /** Gives an upload in parts up, if the server answers; else the sweep will. */
  void abort(String key, String uploadId) {
    running.remove(uploadId);
    try {
      endpoints.askOnce(
          s3 ->
              s3.abortMultipartUpload(
                  request ->
                      request.bucket(space.bucket()).key(space.object(key)).uploadId(uploadId)));
    } catch (S3Failure e) {
      // Nobody can see the parts, and the sweep removes them.
    }
  }

  /** Gives up what runs in this process, which ends. */
  void abortAll() {
    running.forEach((id, key) -> abort(key, id));
  }

  /** The mark of the object; absent when there is none, or none of ours. */
  @Nullable BlobMark mark(String key) {
    HeadObjectResponse head = head(key);
    return head == null ? null : BlobMark.of(head.metadata());
  }

  /** The blob's length; −1 when there is no such blob. */
  long size(String key) {
    HeadObjectResponse head = head(key);
    return head == null || BlobMark.isReserved(head.metadata()) ? -1 : head.contentLength();
  }

  private @Nullable HeadObjectResponse head(String key) {
    try {
      return endpoints.ask(
          s3 -> s3.headObject(request -> request.bucket(space.bucket()).key(space.object(key))));
    } catch (S3Failure e) {
      if (e.kind() == S3Failure.Kind.ABSENT) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Begins to read.
   *
   * @param range as HTTP writes it; absent for the whole
   */
  ResponseInputStream<GetObjectResponse> get(String key, @Nullable String range) {
    return endpoints.ask(
        s3 ->
            s3.getObject(
                request -> request.bucket(space.bucket()).key(space.object(key)).range(range)));
  }

  /** Deletes the object if it exists. */
  void delete(String key) {
    try {
      endpoints.ask(
          s3 -> s3.deleteObject(request -> request.bucket(space.bucket()).key(space.object(key))));
    } catch (S3Failure e) {
      if (!"NoSuchKey".equals(e.code())) {
        throw e;
      }
    }
  }

  /** Keys that begin with the prefix, in bytewise order, after {@code after}. */
  List<String> list(String prefix, @Nullable String after, int limit) {
    List<String> keys = new ArrayList<>();
    String last = after;
    while (keys.size() < limit) {
      int most = Math.min(MOST_LISTED, limit - keys.size());
      ListObjectsV2Response page = page(prefix, last, most);
      for (S3Object each : page.contents()) {
        String key = space.key(each.key());
        if (key == null) {
          continue;
        }
        last = key;
        if (key.startsWith(prefix) && !(each.size() == 0 && size(key) < 0)) {
          keys.add(key);
        }
      }
      if (page.contents().isEmpty() || !Boolean.TRUE.equals(page.isTruncated())) {
        break;
      }
    }
    return keys;
  }

  private ListObjectsV2Response page(String prefix, @Nullable String after, int most) {
    return endpoints.ask(
        s3 ->
            s3.listObjectsV2(
                request ->
                    request
                        .bucket(space.bucket())
                        .prefix(space.object(prefix))
                        .startAfter(after == null ? null : space.object(after))
                        .maxKeys(most)));
  }
}
