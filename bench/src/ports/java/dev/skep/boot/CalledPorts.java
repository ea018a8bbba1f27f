package dev.skep.boot;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts before a driver what stands before it in a running Skep: the look whether it is open, and
 * the timers of the metrics. In this package, because nobody else has a use for it.
 */
public final class CalledPorts {

  private static final PortStates STATES = new PortStates();
  private static final PortCalls CALLS =
      new PortCalls(STATES, new PortMetrics(Optional.empty(), STATES));

  private CalledPorts() {}

  /**
   * @param port its word, {@code sql}
   * @param driver that is open
   */
  public static <T> T of(String port, Class<T> contract, T driver) {
    Port named = Port.valueOf(port.toUpperCase(Locale.ROOT));
    STATES.set(named, new PortState.Open(Duration.ZERO));
    return CALLS.guarded(named, contract, driver);
  }
}
