package dev.skep.port;

/**
 * What {@code boot} needs of every driver, beside its port. A driver is a {@code @Singleton} bean
 * that carries its name as {@code @Identifier}, the same word as its package and its configuration
 * value. Nothing happens in its constructor: no work, thread, connection or file before {@link
 * #open}.
 */
public interface Driver {

  /**
   * Makes the driver ready; called once.
   *
   * @throws CannotOpen when it can never succeed with this configuration: the process ends with the
   *     report
   * @throws dev.skep.common.SkepException {@code unavailable} when it may succeed later: boot tries
   *     again
   */
  void open();

  /**
   * What the driver works on, for the start-up report: a folder or a server's address, without
   * secrets.
   */
  String target();

  /**
   * One round trip to the store.
   *
   * @throws dev.skep.common.SkepException {@code unavailable} when it is down
   */
  void check();

  /** Flushes and gives everything back; called once, also after a failed {@link #open}. */
  void close();
}
