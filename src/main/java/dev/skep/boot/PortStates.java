package dev.skep.boot;

import dev.skep.boot.PortState.Waiting;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** How far each port has come: written by {@link Opening}, read at every call of a port. */
@Singleton
final class PortStates {

  private final AtomicReferenceArray<PortState> states =
      new AtomicReferenceArray<>(Port.values().length);

  PortStates() {
    for (Port port : Port.values()) {
      set(port, new Waiting(""));
    }
  }

  PortState of(Port port) {
    return states.get(port.ordinal());
  }

  boolean isOpen(Port port) {
    return of(port) instanceof PortState.Open;
  }

  void set(Port port, PortState state) {
    states.set(port.ordinal(), state);
  }
}
