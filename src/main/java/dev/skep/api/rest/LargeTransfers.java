package dev.skep.api.rest;

import java.util.concurrent.Semaphore;

/**
 * How many transfers may hold large buffers at once. The others get along with small ones, which is
 * slower, so that memory has a bound however many clients come and however slow they are.
 */
final class LargeTransfers {

  private static final int AT_ONCE = 16;

  /** For downloads and for uploads alike, so that slow ones of one kind do not starve the other. */
  static final LargeTransfers DOWNLOADS = new LargeTransfers();

  static final LargeTransfers UPLOADS = new LargeTransfers();

  private final Semaphore room = new Semaphore(AT_ONCE);

  private LargeTransfers() {}

  /** Whether this one may; it then says when it has {@link #end}ed. */
  boolean tryBegin() {
    return room.tryAcquire();
  }

  void end() {
    room.release();
  }
}
