package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.People;
import dev.skep.blackbox.rights.TreeRace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 64 threads change one workspace through all replicas (P3), and the tables are looked at. */
@Tag("P3")
abstract class WholeTree {

  private static final Duration RACE = Duration.ofSeconds(15);

  private final Replicas replicas;
  private final People people;

  WholeTree(Replicas replicas) {
    this.replicas = replicas;
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void hasNoCycleNoOrphanAndNoByteOverItsQuota() throws Exception {
    String slug = people.workspace("race");
    new TreeRace(replicas.all().stream().map(Replica::admin).toList(), slug).run(RACE);

    Servers servers = replicas.servers();
    String of = " WHERE w.slug = '" + slug + "'";
    List<String> row =
        servers
            .sql("SELECT HEX(id), HEX(root_id), HEX(trash_id), used, seq FROM workspace w" + of)
            .getFirst();
    String nodes = "SELECT COUNT(*) FROM node WHERE workspace_id = x'" + row.get(0) + "'";
    long all = servers.number(nodes);
    assertThat(all).isGreaterThan(10);
    assertThat(servers.number(reached(row.get(1), row.get(2)))).as("nodes reached").isEqualTo(all);
    assertThat(
            servers.number(
                "SELECT COALESCE(SUM(v.size), 0) FROM version v JOIN node n ON n.id = v.node_id"
                    + " JOIN workspace w ON w.id = n.workspace_id"
                    + of))
        .as("bytes counted by version")
        .isEqualTo(Long.parseLong(row.get(3)));
    assertThat(
            servers
                .sql(
                    "SELECT COUNT(*), MIN(seq), MAX(seq) FROM outbox WHERE workspace_id = x'"
                        + row.get(0)
                        + "'")
                .getFirst())
        .as("a row for each change, without a gap")
        .containsExactly(row.get(4), "1", row.get(4));
  }

  /** How many nodes hang below the two roots; a cycle or an orphan does not. */
  private static String reached(String root, String trash) {
    return """
    WITH RECURSIVE reached (id) AS (
      SELECT id FROM node WHERE id IN (x'%s', x'%s')
      UNION ALL SELECT n.id FROM node n JOIN reached r ON n.parent_id = r.id AND n.id <> n.parent_id)
    SELECT COUNT(*) FROM reached
    """
        .formatted(root, trash);
  }
}
