package dev.skep.domain.content;

import java.util.Optional;
import java.util.UUID;

/**
 * Where a blob lies in the object store, and which sweeper shard looks after it: that is decided by
 * the id's last bits, since the first ones are the time (ADR 11).
 */
final class BlobAddress {

  static final int SHARDS = 16;
  static final String PREFIX = "blob/";

  private BlobAddress() {}

  static String of(UUID blobId) {
    return PREFIX + blobId;
  }

  static int shard(UUID id) {
    return (int) (id.getLeastSignificantBits() & (SHARDS - 1));
  }

  /** The blob of a key; absent for a key that no blob has. */
  static Optional<UUID> blobId(String key) {
    try {
      UUID id = UUID.fromString(key.substring(PREFIX.length()));
      return of(id).equals(key) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
