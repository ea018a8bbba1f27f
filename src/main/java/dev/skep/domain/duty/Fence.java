package dev.skep.domain.duty;

import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Tx;

/**
 * A holder's place in the order of all holders that a duty ever had, over all coordinators. Once a
 * fence has passed, every earlier one is refused for ever.
 *
 * @param duty what is protected: the duty's name and the shard
 * @param epoch grows with each coordinator that counted anew
 * @param number grows with each holder under one coordinator
 */
public record Fence(String duty, long epoch, long number) {

  /**
   * Guards a transaction; to be called before anything else in it.
   *
   * @throws StaleHolderException when a newer holder has passed
   */
  public void check(Tx tx) {
    if (!advance(tx) && !first(tx)) {
      throw new StaleHolderException(duty);
    }
  }

  private boolean advance(Tx tx) {
    return tx.update(DutySql.ADVANCE_FENCE, epoch, number, duty, epoch, epoch, number) == 1;
  }

  private boolean first(Tx tx) {
    try {
      return tx.update(DutySql.FIRST_FENCE, duty, epoch, number) == 1;
    } catch (ConstraintViolation e) {
      // The row came into being between the two statements: its holder may be older than this one.
      return advance(tx);
    }
  }
}
