package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * The one row that serialises all changes of people, groups, sessions and tokens (P3). Where a
 * workspace changes too, this one comes first: its events go under the zero id, the smallest.
 */
@Singleton
public class Identities {

  /** Rows that one transaction changes at most, with some to spare for its own (P5). */
  static final int SLICE = 900;

  private final Outbox outbox;
  private final Ids ids;
  private final InstantSource clock;

  Identities(Outbox outbox, Ids ids, InstantSource clock) {
    this.outbox = outbox;
    this.ids = ids;
    this.clock = clock;
  }

  /** Made outside the transaction. */
  Outbox.Stamp stamp() {
    return new Outbox.Stamp(ids.next(), clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /** Must be the transaction's first statement; nobody's rights may change in it. */
  void begin(Tx tx) {
    serialise(tx, AccountSql.SERIALISE);
  }

  /** The same where anyone's rights may change: it raises the epoch (P8). */
  void beginRights(Tx tx) {
    serialise(tx, AccountSql.SERIALISE_RIGHTS);
  }

  private static void serialise(Tx tx, Statement statement) {
    if (tx.update(statement) != 1) {
      throw new IllegalStateException("the identities row is missing");
    }
  }

  /** Once more inside the transaction: he may have been demoted while the request was waiting. */
  public void requireStillAdmin(Caller caller, Tx tx) {
    if (!isStillAdmin(caller, tx)) {
      throw new SkepException(ErrorCode.FORBIDDEN, "Only an administrator may do this");
    }
  }

  /** The same as an answer. */
  public boolean isStillAdmin(Caller caller, Tx tx) {
    return caller.admin()
        && tx.one(AccountSql.FIND, caller.accountId())
            .map(Account::of)
            .filter(account -> account.admin() && !account.disabled())
            .isPresent();
  }

  /**
   * Ends a transaction that {@link #begin} began: with its events, or undone when there is none.
   */
  void append(Tx tx, Outbox.Stamp stamp, Caller caller, List<Change> changes) {
    long seq = tx.one(AccountSql.SEQ).orElseThrow().number("seq");
    outbox.appendEnding(tx, Ids.ZERO, seq, stamp, caller, changes);
  }

  /** The row of a workspace that changed in the same transaction. */
  void appendTo(
      Tx tx, UUID workspaceId, long seq, Outbox.Stamp stamp, Caller caller, List<Change> changes) {
    outbox.appendEnding(tx, workspaceId, seq, stamp, caller, changes);
  }
}
