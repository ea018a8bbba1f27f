package dev.skep.boot;

/**
 * A part of the product that must be started once the drivers are open and stopped before they are
 * closed: migrations, background duties. A bean; parts start in descending order of their
 * {@code @Priority} and stop in the reverse.
 */
interface Part {

  void start();

  /** Called once, also when another part could not start. Returns soon: the process is ending. */
  void stop();
}
