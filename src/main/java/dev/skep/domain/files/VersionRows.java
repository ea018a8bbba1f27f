package dev.skep.domain.files;

import dev.skep.domain.tree.Nodes.FileContent;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row that every stored content of a file has, the current one too. */
@Singleton
class VersionRows {

  /** Adds a file's newest version. Its size is charged by whoever adds it. */
  void add(Tx tx, UUID nodeId, FileContent content, Instant at, UUID by) {
    long newest = tx.one(FilesSql.NEWEST_VERSION, nodeId).orElseThrow().number("number");
    insert(tx, nodeId, newest + 1, content, at, by);
  }

  /** The same for a file that this transaction has made. */
  void addFirst(Tx tx, UUID nodeId, FileContent content, Instant at, UUID by) {
    insert(tx, nodeId, 1, content, at, by);
  }

  /** What the client says of the content that a file has now. */
  void setClientTime(Tx tx, UUID versionId, @Nullable Instant at) {
    tx.update(VersionSql.SET_CLIENT_TIME, at, versionId);
  }

  private static void insert(
      Tx tx, UUID nodeId, long number, FileContent content, Instant at, UUID by) {
    String sha256 = content.sha256();
    tx.update(
        FilesSql.INSERT_VERSION,
        content.versionId(),
        nodeId,
        number,
        content.contentId(),
        content.size(),
        sha256 == null ? null : HexFormat.of().parseHex(sha256),
        content.mediaType(),
        at,
        by,
        content.clientModifiedAt());
  }
}
