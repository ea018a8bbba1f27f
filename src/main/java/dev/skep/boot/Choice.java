package dev.skep.boot;

import java.util.EnumMap;
import java.util.Map;

/** The driver that was chosen for each port. */
record Choice(Map<Port, String> drivers) {

  Choice {
    drivers = new EnumMap<>(drivers);
  }

  String driver(Port port) {
    String name = drivers.get(port);
    if (name == null) {
      throw new IllegalStateException("No driver was chosen for " + port.word());
    }
    return name;
  }

  boolean isEmbedded(Port port) {
    return driver(port).equals(DriverSet.EMBEDDED.word());
  }

  /** Whether any driver keeps its data in the data folder. */
  boolean usesDataFolder() {
    return drivers.containsValue(DriverSet.EMBEDDED.word());
  }
}
