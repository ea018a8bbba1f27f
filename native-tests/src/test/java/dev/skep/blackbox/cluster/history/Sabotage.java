package dev.skep.blackbox.cluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.cluster.Servers;
import java.util.List;

/**
 * Damages the tables, once all was found whole, and demands that each damage is found: what reads
 * them might be as blind as what judges. Nothing can be done with the servers afterwards.
 */
final class Sabotage {

  /** What is changed by the SQL, and how a violation begins that tells of it. */
  private record Damage(String statement, String violation) {}

  private static final List<Damage> DAMAGES =
      List.of(
          new Damage(
              "UPDATE workspace SET used = used + 1 WHERE slug = 'edge'",
              "Quotas: used is not what is stored"),
          new Damage(
              "UPDATE workspace SET quota = used - 1 WHERE slug = 'team'",
              "Quotas: over its quota"),
          new Damage(
              "DELETE FROM outbox WHERE seq = 7 ORDER BY workspace_id DESC LIMIT 1",
              "GaplessOutbox: gaps [7]"),
          new Damage(
              "UPDATE node SET revision = revision + 1 WHERE name = 'maze-3'",
              "GaplessOutbox: the outbox says last"),
          new Damage("UPDATE node SET parent_id = id WHERE name = 'maze-1'", "WholeTree: a cycle"),
          new Damage(
              "UPDATE node SET parent_id = X'0123456789ABCDEF0123456789ABCDEF'"
                  + " WHERE name = 'maze-2'",
              "WholeTree: an orphan"),
          new Damage(
              "DELETE FROM stored_blob WHERE state = 1 LIMIT 1", "Surprises: a part has no live"),
          new Damage(
              "UPDATE stored_blob SET id = X'0123456789ABCDEF0123456789ABCDEF'"
                  + " WHERE state = 1 LIMIT 1",
              "Surprises: a live blob is not in the object store"),
          new Damage(
              "UPDATE version SET content_id = X'0123456789ABCDEF0123456789ABCDEF' LIMIT 1",
              "Surprises: a version has no content"));

  private Sabotage() {}

  static void isFound(Servers servers) {
    assertThat(Consistency.violations(servers)).as("before any damage").isEmpty();
    DAMAGES.forEach(damage -> servers.sql(damage.statement()));
    List<String> violations = Consistency.violations(servers);
    for (Damage damage : DAMAGES) {
      assertThat(violations)
          .as(damage.statement())
          .anySatisfy(violation -> assertThat(violation).startsWith(damage.violation()));
    }
  }
}
