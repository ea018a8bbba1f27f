package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads the rows of entries, however many there are. */
final class Entries {

  private static final int ROWS = 1000;

  private Entries() {}

  /**
   * An entry as its row holds it.
   *
   * @param name the subject's name; empty for everyone, for links, and for whoever is deleted
   */
  record Entry(UUID nodeId, Subject subject, String name, Rights rights, long revision) {

    static Entry of(Row row) {
      return new Entry(
          row.id("node_id"),
          subjectOf(row),
          row.text("name"),
          rightsOf(row),
          row.number("revision"));
    }
  }

  /** The entries on a node, of all subjects. */
  static List<Entry> on(Tx tx, UUID nodeId) {
    List<Entry> entries = new ArrayList<>();
    read(tx, PermissionSql.OWN_ENTRIES, List.of(nodeId), row -> entries.add(Entry.of(row)));
    return entries;
  }

  /** The entries on each node of a chain, of all subjects, in the order of the chain. */
  static List<Entry> along(Tx tx, List<Nodes.Ancestor> chain) {
    List<Entry> entries = new ArrayList<>();
    chain.forEach(ancestor -> entries.addAll(on(tx, ancestor.id())));
    return entries;
  }

  /** The nearest entry of each subject on a node or above it. */
  static Map<Subject, Rights> nearest(Tx tx, UUID nodeId) {
    return nearest(tx, nodeId, 0);
  }

  /** The nearest entry of each subject above a node. */
  static Map<Subject, Rights> nearestAbove(Tx tx, UUID nodeId) {
    return nearest(tx, nodeId, 1);
  }

  private static Map<Subject, Rights> nearest(Tx tx, UUID nodeId, int least) {
    Map<Subject, Rights> nearest = new HashMap<>();
    read(
        tx,
        PermissionSql.ALL_ENTRIES_ABOVE,
        List.of(nodeId),
        row -> {
          if (row.number("depth") >= least) {
            nearest.putIfAbsent(subjectOf(row), rightsOf(row));
          }
        });
    return nearest;
  }

  /** Reads all rows of a statement that ends with {@code LIMIT ? OFFSET ?}. */
  static void read(Tx tx, Statement statement, List<Object> parameters, Consumer<Row> each) {
    List<Row> rows;
    int offset = 0;
    do {
      List<Object> all = new ArrayList<>(parameters);
      all.add(ROWS);
      all.add(offset);
      rows = tx.query(statement, all.toArray());
      rows.forEach(each);
      offset += ROWS;
    } while (rows.size() == ROWS);
  }

  static Subject subjectOf(Row row) {
    return new Subject(Subject.Kind.of(row.number("subject_kind")), row.id("subject_id"));
  }

  static Rights rightsOf(Row row) {
    return new Rights((int) row.number("rights"));
  }
}
