package dev.skep.boot;

import java.util.Locale;

/** The ports, in the order in which they are opened; they are closed in the reverse. */
enum Port {
  SQL,
  OBJECTS,
  CONFIG,
  CACHE,
  PUBSUB,
  COORDINATOR,
  REGISTRY;

  /** Its word in keys, packages and reports: {@code sql}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key that chooses its driver. */
  String driverKey() {
    return "skep." + word() + ".driver";
  }
}
