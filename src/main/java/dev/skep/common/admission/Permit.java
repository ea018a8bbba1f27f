package dev.skep.common.admission;

/** What one request holds of a {@link FairPool}. Closing it gives all of it back, once. */
public interface Permit extends AutoCloseable {

  @Override
  void close();
}
