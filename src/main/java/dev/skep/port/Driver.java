package dev.skep.port;

/**
 * What {@code boot} needs of every driver, beside its port. A driver is a {@code @Singleton} bean
 * that carries its name as {@code @Identifier}, the same word as its package and its configuration
 * value. Nothing happens in its constructor: no work, thread, connection or file before {@link
 * #open}.
 */
public interface Driver {

  /**
   * Makes the driver ready. Ends within seconds, also when the server does not answer, and soon
   * after its thread is interrupted. Never called again once it has returned; after a failure it is
   * called again, so what a failed call has taken must not be in the way of the next.
   *
   * @throws CannotOpen when it can never succeed with this configuration: the process ends with the
   *     report when that is found at its start; later, when a server has come back with another
   *     mind, the port stays down and boot tries again
   * @throws dev.skep.common.SkepException {@code unavailable} when it may succeed later: boot tries
   *     again, in the background, while calls to the port are refused as {@code unavailable}
   */
  void open();

  /**
   * What the driver works on, for the start-up report: a folder or a server's address, without
   * secrets. Never throws, also where a setting is wrong; then it is as much of it as may be shown.
   */
  String target();

  /**
   * One round trip to the store.
   *
   * @throws dev.skep.common.SkepException {@code unavailable} when it is down
   */
  void check();

  /** Flushes and gives everything back; called once, after {@link #open} has returned or failed. */
  void close();
}
