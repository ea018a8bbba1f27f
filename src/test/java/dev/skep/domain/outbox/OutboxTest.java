package dev.skep.domain.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.testkit.Drive;
import dev.skep.testkit.EndlessLease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

  private static final UUID WORKSPACE = new UUID(5, 5);
  private static final Caller SOMEONE =
      new Caller(new UUID(1, 1), "anna", false, Ids.ZERO, List.of(), "test", null);

  private enum Sql implements Statement {
    ROWS("SELECT seq, changes FROM outbox ORDER BY seq LIMIT 1000");

    private final String sql;

    Sql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private Drive drive;
  private SqlStore sql;

  @BeforeEach
  void open() {
    drive = Drive.open(folder, clock);
    sql = drive.get(SqlStore.class);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  @Test
  void aRowHoldsTheStateOfWhatChanged() {
    append(1, List.of(new Change("node.created", "a", List.of("state"))));
    assertThat(rows())
        .containsExactly("[{\"type\":\"node.created\",\"subject\":\"a\",\"state\":[\"state\"]}]");
  }

  @Test
  void aRowThatWouldBeTooLargeSaysWhatChangedWithoutItsState() {
    String state = "ä".repeat(32 * 1024);
    List<Change> changes =
        IntStream.range(0, 200)
            .mapToObj(i -> new Change("node.purged", "subject-" + i, state))
            .toList();

    append(1, changes);

    String row = rows().getFirst();
    assertThat(row.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Outbox.MAX_BYTES);
    assertThat(row).contains("subject-0\"", "subject-199\"").doesNotContain("ä");
  }

  @Test
  void theBoundIsOfBytesNotOfCharacters() {
    append(1, List.of(new Change("x", "just-fits", "a".repeat(Outbox.MAX_BYTES - 100))));
    append(2, List.of(new Change("x", "too-large", "ä".repeat(Outbox.MAX_BYTES / 2))));
    assertThat(rows().get(0)).contains("aaa");
    assertThat(rows().get(1)).contains("too-large").doesNotContain("ä");
  }

  @Test
  void rowsGoOnceTheirTimeIsOver() {
    for (int seq = 1; seq <= 450; seq++) {
      append(seq, List.of(new Change("x", "old", "")));
    }
    now.updateAndGet(at -> at.plus(Duration.ofHours(23)));
    sweep();
    assertThat(rows()).hasSize(450);
    append(451, List.of(new Change("x", "new", "")));
    now.updateAndGet(at -> at.plus(Duration.ofHours(2)));

    sweep();

    assertThat(rows()).singleElement().asString().contains("new");
  }

  private void sweep() {
    drive.get(RetentionDuty.class).run(new EndlessLease(0, sql));
  }

  private void append(long seq, List<Change> changes) {
    UUID id = drive.get(Ids.class).next();
    // As an id that was made at the time of the test's clock.
    UUID txId =
        new UUID(
            clock.instant().toEpochMilli() << 16 | (id.getMostSignificantBits() & 0xffff),
            id.getLeastSignificantBits());
    Outbox.Stamp stamp = new Outbox.Stamp(txId, clock.instant());
    sql.write(
        tx -> {
          drive.get(Outbox.class).append(tx, WORKSPACE, seq, stamp, SOMEONE, changes);
          return seq;
        });
  }

  private List<String> rows() {
    return sql.read(tx -> tx.query(Sql.ROWS).stream().map(row -> row.text("changes")).toList());
  }
}
