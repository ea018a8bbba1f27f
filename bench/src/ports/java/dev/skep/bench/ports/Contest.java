package dev.skep.bench.ports;

import java.util.List;

/** A driver that is open, and bare clients on the same server. */
interface Contest extends AutoCloseable {

  /** In the order in which they are to be measured. */
  List<Comparison> comparisons();

  @Override
  void close() throws Exception;
}
