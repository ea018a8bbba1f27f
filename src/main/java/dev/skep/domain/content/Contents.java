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
 * The contents of files: immutable lists of parts, each a blob in the object store (P7), shared by
 * all versions that name them.
 *
 * <h2>Nothing named is missing, nothing unnamed stays (P6)</h2>
 *
 * A blob is announced, then written and made durable, then named in the transaction of its file's
 * change. A content's row exists exactly while all its blobs are live. Each step of a blob is a
 * conditional update that must match its row.
 *
 * <h2>Copying against releasing</h2>
 *
 * Two transactions of different workspaces do not serialise each other. {@link #reuse} and {@link
 * #release} therefore both begin with an update of the blobs' rows, in the order of the parts,
 * which makes one wait for the other. If the copy is first, releasing finds the version that it
 * made: the question "does any version name it?" is asked after the wait, by a statement that reads
 * what is committed. If releasing is first, the copy's update matches no live blob.
 */
@Singleton
public class Contents {

  private static final int ROWS = 1000;

  private final ObjectStore objects;
  private final Announcements announcements;
  private final Duration grace;

  public Contents(
      SqlStore sql, ObjectStore objects, Ids ids, InstantSource clock, ContentConfig config) {
    this.objects = objects;
    this.announcements = new Announcements(sql, ids, clock, config);
    this.grace = config.grace();
  }

  /**
   * Stores a body as one blob, durably and in constant memory. Not to be called in a transaction.
   *
   * @param length the body's length, −1 when it is not known
   * @throws SkepException {@code incomplete} when the body breaks off or has another length; {@code
   *     blob-gone} when it took so long that the sweeper came first; nothing remains of either
   */
  public StoredBlob receive(InputStream body, long length) {
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
      if (writer.size() < length) {
        throw otherLength(length, "only " + writer.size());
      }
      writer.finish();
      announced.keep();
      upload.commit();
      return new StoredBlob(id, writer.size(), HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static boolean take(FrameWriter writer, InputStream body) {
    try {
      return writer.take(body);
    } catch (IOException e) {
      throw new SkepException(
          ErrorCode.INCOMPLETE, "The body broke off after " + writer.size() + " bytes", e);
    }
  }

  private static SkepException otherLength(long length, String came) {
    return new SkepException(
        ErrorCode.INCOMPLETE, "The body was to have " + length + " bytes, but " + came + " came");
  }

  /**
   * Makes a content of parts that were received. The caller inserts the version that names it in
   * the same transaction.
   *
   * @param sha256OfAll hex; absent while it is not known
   * @throws SkepException {@code blob-gone} when a part was collected meanwhile
   */
  public void name(
      Tx tx, UUID contentId, List<StoredBlob> parts, @Nullable String sha256OfAll, Instant at) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a content has at least one part");
    }
    long size = parts.stream().mapToLong(StoredBlob::size).sum();
    tx.update(ContentSql.INSERT_CONTENT, contentId, size, bytes(sha256OfAll), at);
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

  /**
   * Lets another version name an existing content, and holds it until the transaction ends. The
   * caller inserts that version in the same transaction.
   *
   * @throws SkepException {@code blob-gone} when its last version was purged meanwhile
   */
  public void reuse(Tx tx, UUID contentId) {
    List<StoredPart> parts = parts(tx, contentId);
    if (parts.isEmpty() || !keep(tx, parts)) {
      throw new SkepException(
          ErrorCode.BLOB_GONE, "The content has been purged meanwhile, with its last version");
    }
  }

  /**
   * To be called after versions were deleted in this transaction: if no version names the content
   * any more, it is removed, and its blobs are condemned to be deleted after the grace.
   */
  public void release(Tx tx, UUID contentId, Instant now) {
    List<StoredPart> parts = parts(tx, contentId);
    if (parts.isEmpty() || !keep(tx, parts)) {
      return; // another transaction has released it
    }
    Instant due = now.plus(grace);
    for (StoredPart part : parts) {
      if (tx.update(ContentSql.CONDEMN_UNNAMED, due, part.blobId(), contentId) != 1) {
        return; // another version names it, which holds for all parts or for none
      }
    }
    tx.update(ContentSql.DELETE_PARTS, contentId);
    tx.update(ContentSql.DELETE_CONTENT, contentId);
  }

  private static boolean keep(Tx tx, List<StoredPart> parts) {
    for (StoredPart part : parts) {
      if (tx.update(ContentSql.KEEP, part.blobId()) != 1) {
        return false;
      }
    }
    return true;
  }

  /** The parts in their order; empty when there is no such content. */
  public List<StoredPart> parts(Tx tx, UUID contentId) {
    List<StoredPart> parts = new ArrayList<>(1);
    List<Row> rows;
    do {
      rows = tx.query(ContentSql.PARTS, contentId, parts.size() - 1, ROWS);
      rows.forEach(row -> parts.add(StoredPart.of(contentId, row)));
    } while (rows.size() == ROWS);
    return parts;
  }

  /**
   * Opens a range of a content. Not to be called in a transaction.
   *
   * @param parts all parts of the content
   * @param length bytes from {@code offset}; −1 means to the end
   * @throws SkepException {@code corrupt} when the first frame of the range is missing or damaged
   */
  public ContentStream open(List<StoredPart> parts, long offset, long length) {
    long size = parts.stream().mapToLong(StoredPart::size).sum();
    long count = length < 0 ? size - offset : length;
    if (offset < 0 || count < 0 || count > size - offset) {
      throw new IllegalArgumentException(
          "the range " + offset + "+" + length + " is not within " + size + " bytes");
    }
    return new ContentStream(objects, List.copyOf(parts), offset, count);
  }

  private static byte @Nullable [] bytes(@Nullable String hex) {
    return hex == null ? null : HexFormat.of().parseHex(hex);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
