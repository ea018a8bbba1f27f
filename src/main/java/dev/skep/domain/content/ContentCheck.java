package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Compares the blobs in the object store with the rows that name them, in both directions. Reads
 * only, page by page, while Skep goes on working: a blob that looks wrong is looked at again before
 * it is told. Every byte is read by {@link Contents#open}, not here.
 */
@Singleton
public class ContentCheck {

  private static final int ROWS = 1000;
  private static final int LIVE = 1;

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
    find(findings, ContentSql.PARTS_WITHOUT_BLOB, Problem.MISSING, "a part has no live blob");
    find(findings, ContentSql.VERSIONS_WITHOUT_CONTENT, Problem.MISSING, "its content is gone");
    find(findings, ContentSql.CONTENTS_WITHOUT_VERSION, Problem.UNNAMED, "no version names it");
    return findings;
  }

  private void find(List<Finding> findings, Statement statement, Problem problem, String detail) {
    Pages<UUID> wrong = new Pages<>(last -> idsOf(rows(statement, last == null ? Ids.ZERO : last)));
    for (UUID id = wrong.next(); id != null; id = wrong.next()) {
      findings.add(new Finding(problem, id.toString(), detail));
    }
  }

  private List<Row> rows(Statement statement, UUID after) {
    return sql.read(tx -> tx.query(statement, after, ROWS));
  }

  private static List<UUID> idsOf(List<Row> rows) {
    return rows.stream().map(row -> row.id("id")).toList();
  }

  /** Walks rows and keys side by side: both are in the order of the ids' bytes. */
  private void compareBlobs(List<Finding> findings) {
    Pages<Blob> rows =
        new Pages<>(
            last ->
                rows(ContentSql.ROWS_OF_BLOBS, last == null ? Ids.ZERO : last.id()).stream()
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
