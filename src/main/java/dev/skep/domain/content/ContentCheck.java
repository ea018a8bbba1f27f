package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Compares the blobs in the object store with the rows that name them, in both directions, and
 * verifies every byte of small contents, which lie in the tables. Reads only, page by page, while
 * Skep goes on working: a blob that looks wrong is looked at again before it is told. The bytes of
 * blobs are verified when they are read, not here.
 */
@Singleton
public class ContentCheck {

  private static final int ROWS = 1000;
  private static final int LIVE = 1;

  /** So many small contents are in memory at once. */
  private static final int SMALL_CONTENTS = 100;

  private final SqlStore sql;
  private final ObjectStore objects;

  public ContentCheck(SqlStore sql, ObjectStore objects) {
    this.sql = sql;
    this.objects = objects;
  }

  /** What is wrong with a blob, a content or a version. */
  public enum Problem {
    /** Something names bytes that are not there: data is lost. */
    MISSING,
    /** Bytes are not what they were: data is lost. */
    DAMAGED,
    /** Bytes or rows that nothing names and no sweeper will find: space is lost. */
    UNNAMED
  }

  /**
   * One thing that does not agree.
   *
   * @param what the key of a blob, or the id of a content or version
   */
  public record Finding(Problem problem, String what, String detail) {}

  /** All that does not agree; empty when all is well. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    compareBlobs(findings);
    verifySmallContents(findings);
    find(findings, ContentSql.PARTS_WITHOUT_BLOB, Problem.MISSING, "a part has no live blob");
    find(findings, ContentSql.CONTENTS_WITHOUT_BYTES, Problem.MISSING, "it has no bytes");
    find(findings, ContentSql.VERSIONS_WITHOUT_CONTENT, Problem.MISSING, "its content is gone");
    find(findings, ContentSql.CONTENTS_WITHOUT_VERSION, Problem.UNNAMED, "no version names it");
    find(findings, ContentSql.PARTS_WITHOUT_CONTENT, Problem.UNNAMED, "no content has its parts");
    return findings;
  }

  private void find(List<Finding> findings, Statement statement, Problem problem, String detail) {
    Pages<UUID> wrong =
        new Pages<>(last -> idsOf(rows(statement, last == null ? Ids.ZERO : last, ROWS)));
    for (UUID id = wrong.next(); id != null; id = wrong.next()) {
      findings.add(new Finding(problem, id.toString(), detail));
    }
  }

  private List<Row> rows(Statement statement, UUID after, int limit) {
    return sql.read(tx -> tx.query(statement, after, limit));
  }

  private static List<UUID> idsOf(List<Row> rows) {
    return rows.stream().map(row -> row.id("id")).toList();
  }

  private void verifySmallContents(List<Finding> findings) {
    Pages<Row> contents =
        new Pages<>(
            last ->
                rows(
                    ContentSql.SMALL_CONTENTS,
                    last == null ? Ids.ZERO : last.id("id"),
                    SMALL_CONTENTS));
    for (Row row = contents.next(); row != null; row = contents.next()) {
      damage(row).ifPresent(findings::add);
    }
  }

  private static Optional<Finding> damage(Row row) {
    UUID id = row.id("id");
    byte[] found;
    try (ContentStream stream = Contents.small(id, row, row.bytes("stored")).open(0, -1)) {
      found = stream.readAllBytes();
    } catch (SkepException | IOException e) {
      return Optional.of(damaged(id, "its bytes are not those that were stored"));
    }
    return Arrays.equals(Contents.sha256().digest(found), row.bytes("sha256"))
        ? Optional.empty()
        : Optional.of(damaged(id, "its bytes do not have its digest"));
  }

  private static Finding damaged(UUID contentId, String detail) {
    return new Finding(Problem.DAMAGED, contentId.toString(), detail);
  }

  /** Walks rows and keys side by side: both are in the order of the ids' bytes. */
  private void compareBlobs(List<Finding> findings) {
    Pages<Blob> rows =
        new Pages<>(
            last ->
                rows(ContentSql.ROWS_OF_BLOBS, last == null ? Ids.ZERO : last.id(), ROWS).stream()
                    .map(Blob::of)
                    .toList());
    Pages<String> keys = new Pages<>(last -> objects.list(BlobAddress.PREFIX, last, ROWS));
    Blob row = rows.next();
    String key = keys.next();
    while (row != null || key != null) {
      int order = row == null ? 1 : key == null ? -1 : row.key().compareTo(key);
      String suspect =
          order > 0 ? key : row == null || !row.doubtful(order == 0) ? null : row.key();
      if (suspect != null) {
        lookAgain(suspect).ifPresent(findings::add);
      }
      row = order <= 0 ? rows.next() : row;
      key = order >= 0 ? keys.next() : key;
    }
  }

  private Optional<Finding> lookAgain(String key) {
    Optional<Blob> row =
        BlobAddress.blobId(key)
            .flatMap(id -> sql.read(tx -> tx.one(ContentSql.ROW_OF_BLOB, id)))
            .map(Blob::of);
    boolean stored = stored(key);
    if (row.isEmpty()) {
      return stored ? Optional.of(unnamed(key, "no row knows the blob")) : Optional.empty();
    }
    if (!row.get().doubtful(stored)) {
      return Optional.empty();
    }
    return Optional.of(
        row.get().named()
            ? new Finding(Problem.MISSING, key, "the blob is not in the object store")
            : unnamed(key, "the blob is live, but no content has it"));
  }

  private boolean stored(String key) {
    try (ObjectStore.Download found = objects.open(key, 0, 0)) {
      return found != null;
    }
  }

  private static Finding unnamed(String key, String detail) {
    return new Finding(Problem.UNNAMED, key, detail);
  }

  /** A blob's row. */
  private record Blob(UUID id, boolean live, boolean named) {

    static Blob of(Row row) {
      return new Blob(row.id("id"), row.number("state") == LIVE, row.number("named") > 0);
    }

    String key() {
      return BlobAddress.of(id);
    }

    /** The sweeper takes care of all that is not live. */
    boolean doubtful(boolean stored) {
      return live && !(stored && named);
    }
  }

  /** Reads what comes in pages, each after the last item of the one before. */
  private static final class Pages<T> {

    private final Source<T> source;
    private List<T> page = List.of();
    private int next;
    private @Nullable T last;

    Pages(Source<T> source) {
      this.source = source;
    }

    @Nullable T next() {
      if (next == page.size()) {
        page = source.after(last);
        next = 0;
      }
      if (page.isEmpty()) {
        return null;
      }
      last = page.get(next++);
      return last;
    }
  }

  @FunctionalInterface
  private interface Source<T> {
    List<T> after(@Nullable T last);
  }
}
