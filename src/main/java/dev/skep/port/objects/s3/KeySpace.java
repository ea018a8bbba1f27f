package dev.skep.port.objects.s3;

import org.jspecify.annotations.Nullable;

/**
 * Which objects of the bucket are ours. A blob's slashes become dots, which no key holds: servers
 * on a file system cannot keep both {@code a} and {@code a/b}, and since a dot sorts where a slash
 * does, between hyphen and digits, lists keep their order.
 */
record KeySpace(String bucket, String prefix) {

  /** Tells the version of the layout and whose it is. */
  String format() {
    return prefix + "/format";
  }

  /** Where abilities of the server are tried out. */
  String probes() {
    return prefix + "/probe/";
  }

  String blobs() {
    return prefix + "/blobs/";
  }

  String all() {
    return prefix + "/";
  }

  String object(String key) {
    return blobs() + key.replace('/', '.');
  }

  /** The blob's key; absent for an object that is none of a blob. */
  @Nullable String key(String object) {
    return object.startsWith(blobs()) ? object.substring(blobs().length()).replace('.', '/') : null;
  }
}
