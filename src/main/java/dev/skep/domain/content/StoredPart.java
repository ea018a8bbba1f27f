package dev.skep.domain.content;

import dev.skep.port.sql.Row;
import java.util.HexFormat;
import java.util.UUID;

/**
 * One part of a content: a blob of its own (P7), or all of it where that is small.
 *
 * @param number its place in the content, from 0
 * @param blobId to which its checksums are bound; of a small content the content's own id
 * @param sha256 hex
 */
public record StoredPart(UUID contentId, int number, UUID blobId, long size, String sha256) {

  /** For whoever has to find it. */
  String told() {
    return blobId.equals(contentId)
        ? "Content " + contentId + " in the database"
        : "Content " + contentId + ": the blob " + blobId + " of its part " + number;
  }

  static StoredPart of(UUID contentId, Row row) {
    return new StoredPart(
        contentId,
        (int) row.number("number"),
        row.id("blob_id"),
        row.number("size"),
        HexFormat.of().formatHex(row.bytes("sha256")));
  }
}
