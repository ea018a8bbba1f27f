package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import java.util.Optional;

/** The driver that works for a port. */
record ChosenDriver(Port port, String name, Driver driver) {

  boolean isEmbedded() {
    return name.equals(DriverSet.EMBEDDED.word());
  }

  /** Product and version of the server behind it, where the driver knows them. */
  Optional<String> server() {
    try {
      return driver instanceof Versioned versioned
          ? Optional.of(versioned.serverVersion())
          : Optional.empty();
    } catch (SkepException e) {
      return Optional.empty();
    }
  }
}
