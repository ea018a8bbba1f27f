package dev.skep.domain.tree;

import dev.skep.port.sql.Tx;

/**
 * What must happen before a node's row is deleted for good, beside what the tree and its content do
 * themselves. Implemented by the features above; the sweeper calls every one of them.
 */
public interface NodeRemoval {

  /**
   * Called inside the transaction that is about to delete the node's row, when nothing is left
   * below it. Touches at most about 500 rows a call (P5).
   *
   * @return whether nothing is left to do; else the row must stay, and this be called again in
   *     another transaction
   */
  boolean removing(Tx tx, Node node);
}
