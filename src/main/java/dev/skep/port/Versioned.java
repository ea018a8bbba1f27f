package dev.skep.port;

/**
 * An optional ability of a {@link Driver}: it knows which server it works on. {@code skep doctor},
 * the cluster page and the line of a start show what it says.
 */
public interface Versioned {

  /**
   * The product and its version, as the server names itself, in one short line without secrets or
   * addresses: {@code MariaDB 10.11.6}. Asked often, so it may be what {@link Driver#open} has
   * read; the answer after an upgrade of the server may therefore be old until the next connection.
   *
   * @throws dev.skep.common.SkepException {@code unavailable} when it is not known, for instance
   *     because the driver is not open or the server does not answer
   */
  String serverVersion();
}
