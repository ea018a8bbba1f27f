package dev.skep.port.objects.s3;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata of a blob's object tells of its upload: whose it is, so that a commit whose
 * answer was lost can be recognised, and whether the object only reserves the key until the parts
 * are put together.
 */
record BlobMark(String upload, boolean reserved) {

  private static final String UPLOAD = "skep-upload";
  private static final String RESERVED = "skep-reserved";

  static BlobMark next() {
    return new BlobMark(UUID.randomUUID().toString(), false);
  }

  BlobMark reserving() {
    return new BlobMark(upload, true);
  }

  static @Nullable BlobMark of(Map<String, String> metadata) {
    String upload = metadata.get(UPLOAD);
    return upload == null ? null : new BlobMark(upload, isReserved(metadata));
  }

  static boolean isReserved(Map<String, String> metadata) {
    return metadata.containsKey(RESERVED);
  }

  Map<String, String> metadata() {
    return reserved ? Map.of(UPLOAD, upload, RESERVED, "true") : Map.of(UPLOAD, upload);
  }
}
