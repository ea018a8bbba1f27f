package dev.skep.domain.content;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The contents of files: immutable, shared by all versions that name them. The bytes of a small one
 * lie in its row (ADR 12); a larger one is a list of parts, each a blob in the object store (P7).
 *
 * <h2>Nothing named is missing, nothing unnamed stays (P6)</h2>
 *
 * A small content is written by the transaction that names it, and removed by the one that takes
 * its last name. A blob is announced, then written and made durable, then named in the transaction
 * of its file's change; each of its steps is a conditional update that must match its row. A
 * content's row exists exactly while all its blobs are live.
 *
 * <h2>Copying against releasing</h2>
 *
 * Two transactions of different workspaces do not serialise each other. {@link #reuse} and {@link
 * #release} therefore both begin with an update of the content's row, which makes one wait for the
 * other. If the copy is first, releasing finds the version that it made: the question "does any
 * version name it?" is asked after the wait, by a statement that reads what is committed. If
 * releasing is first, the copy's update matches no row.
 */
@Singleton
public class Contents {

  private static final int ROWS = 1000;

  private final ObjectStore objects;
  private final Announcements announcements;
  private final Duration grace;
  private final int small;

  public Contents(
      SqlStore sql, ObjectStore objects, Ids ids, InstantSource clock, ContentConfig config) {
    this.objects = objects;
    this.announcements = new Announcements(sql, ids, clock, config);
    this.grace = config.grace();
    this.small = config.small();
  }

  /**
   * How much of the heap {@link #receive} holds at most, where that is a matter of its length.
   *
   * @param length the body's length, −1 when it is not known
   */
  public long held(long length) {
    return length >= 0 && length <= small ? 0 : objects.held(length);
  }

  /**
   * Reads a body to its end, in constant memory: a small one is only read, a larger one is stored
   * as a blob, durably. Not to be called in a transaction.
   *
   * @param contentId of the content that it will be
   * @param length the body's length, −1 when it is not known
   * @throws SkepException {@code incomplete} when the body breaks off or has another length; {@code
   *     blob-gone} when it took so long that the sweeper came first; nothing remains of either
   */
  public Received receive(UUID contentId, InputStream body, long length) {
    if (small == 0 || length > small) {
      return receiveBlob(body, length);
    }
    SmallBody beginning = new SmallBody(length < 0 ? small : (int) length);
    while (take(beginning, body)) {
      // until its end
    }
    if (beginning.isSmall()) {
      requireLength(beginning.size(), length);
      return beginning.finish(contentId, sha256());
    }
    if (length >= 0) {
      throw otherLength(length, "more");
    }
    return receiveBlob(beginning.followedBy(body), length);
  }

  /** Stores a body as one blob, whatever its length; as {@link #receive}. */
  StoredBlob receiveBlob(InputStream body, long length) {
    Announcements.Announced announced = announcements.take();
    UUID id = announced.id();
    MessageDigest digest = sha256();
    long stored = length < 0 ? -1 : Frames.storedSize(length);
    try (ObjectStore.Upload upload = objects.create(BlobAddress.of(id), stored)) {
      FrameWriter writer = new FrameWriter(upload, id, digest, length);
      while (take(writer, body)) {
        if (length >= 0 && writer.size() > length) {
          throw otherLength(length, "more");
        }
        announced.keep();
      }
      requireLength(writer.size(), length);
      writer.finish();
      announced.keep();
      upload.commit();
      return new StoredBlob(id, writer.size(), HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static void requireLength(long size, long length) {
    if (size < length) {
      throw otherLength(length, "only " + size);
    }
  }

  private static boolean take(Taker taker, InputStream body) {
    try {
      return taker.take(body);
    } catch (IOException e) {
      throw new SkepException(
          ErrorCode.INCOMPLETE, "The body broke off after " + taker.size() + " bytes", e);
    }
  }

  private static SkepException otherLength(long length, String came) {
    return new SkepException(
        ErrorCode.INCOMPLETE, "The body was to have " + length + " bytes, but " + came + " came");
  }

  /**
   * Makes a content of what was received for it. The caller inserts the version that names it in
   * the same transaction.
   *
   * @throws SkepException {@code blob-gone} when it was a blob and was collected meanwhile
   */
  public void name(Tx tx, UUID contentId, Received received, Instant at) {
    switch (received) {
      case SmallContent few ->
          insert(tx, contentId, few.size(), few.sha256(), at, few.storedAs(contentId));
      case StoredBlob blob -> name(tx, contentId, List.of(blob), blob.sha256(), at);
    }
  }

  /**
   * Makes a content of parts that were received one by one; as the other one.
   *
   * @param sha256OfAll hex; absent while it is not known
   */
  public void name(
      Tx tx, UUID contentId, List<StoredBlob> parts, @Nullable String sha256OfAll, Instant at) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a content has at least one part");
    }
    long size = parts.stream().mapToLong(StoredBlob::size).sum();
    insert(tx, contentId, size, sha256OfAll, at, null);
    int number = 0;
    for (StoredBlob part : parts) {
      if (tx.update(ContentSql.NAME, part.blobId()) != 1) {
        throw Announcements.gone();
      }
      tx.update(
          ContentSql.INSERT_PART,
          contentId,
          number++,
          part.blobId(),
          part.size(),
          bytes(part.sha256()));
    }
  }

  private static void insert(
      Tx tx,
      UUID contentId,
      long size,
      @Nullable String sha256,
      Instant at,
      byte @Nullable [] stored) {
    tx.update(ContentSql.INSERT_CONTENT, contentId, size, bytes(sha256), at, stored);
  }

  /**
   * Lets another version name an existing content, and holds it until the transaction ends. The
   * caller inserts that version in the same transaction.
   *
   * @throws SkepException {@code blob-gone} when its last version was purged meanwhile
   */
  public void reuse(Tx tx, UUID contentId) {
    if (!hold(tx, contentId) || !keep(tx, parts(tx, contentId))) {
      throw new SkepException(
          ErrorCode.BLOB_GONE, "The content has been purged meanwhile, with its last version");
    }
  }

  /**
   * To be called after versions were deleted in this transaction: if no version names the content
   * any more, it is removed, and its blobs are condemned to be deleted after the grace.
   */
  public void release(Tx tx, UUID contentId, Instant now) {
    if (!hold(tx, contentId) || tx.update(ContentSql.DELETE_UNNAMED, contentId, contentId) != 1) {
      return; // another transaction has released it, or another version names it
    }
    List<StoredPart> parts = parts(tx, contentId);
    if (parts.isEmpty()) {
      return;
    }
    Instant due = now.plus(grace);
    parts.forEach(part -> tx.update(ContentSql.CONDEMN, due, part.blobId()));
    tx.update(ContentSql.DELETE_PARTS, contentId);
  }

  private static boolean hold(Tx tx, UUID contentId) {
    return tx.update(ContentSql.HOLD, contentId) == 1;
  }

  private static boolean keep(Tx tx, List<StoredPart> parts) {
    for (StoredPart part : parts) {
      if (tx.update(ContentSql.KEEP, part.blobId()) != 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * The content, to be read; its bytes come with it where it is small.
   *
   * @throws SkepException {@code corrupt} when it is not there
   */
  public StoredContent find(Tx tx, UUID contentId) {
    Row row =
        tx.one(ContentSql.CONTENT, contentId)
            .orElseThrow(
                () -> new SkepException(ErrorCode.CORRUPT, "Content " + contentId + " is missing"));
    byte @Nullable [] stored = row.bytesOrNull("stored");
    if (stored == null) {
      return new StoredContent(
          parts(tx, contentId),
          (part, from, count) -> objects.open(BlobAddress.of(part.blobId()), from, count));
    }
    return small(contentId, row, stored);
  }

  /** A content whose bytes lie in its row. */
  static StoredContent small(UUID contentId, Row row, byte[] stored) {
    String sha256 = HexFormat.of().formatHex(row.bytes("sha256"));
    StoredPart whole = new StoredPart(contentId, 0, contentId, row.number("size"), sha256);
    return new StoredContent(
        List.of(whole), (part, from, count) -> new BytesDownload(stored, from, count));
  }

  /** The blobs of a content in their order; none where it is small. */
  List<StoredPart> parts(Tx tx, UUID contentId) {
    List<StoredPart> parts = new ArrayList<>(1);
    List<Row> rows;
    do {
      rows = tx.query(ContentSql.PARTS, contentId, parts.size() - 1, ROWS);
      rows.forEach(row -> parts.add(StoredPart.of(contentId, row)));
    } while (rows.size() == ROWS);
    return parts;
  }

  private static byte @Nullable [] bytes(@Nullable String hex) {
    return hex == null ? null : HexFormat.of().parseHex(hex);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
