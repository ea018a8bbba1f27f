package dev.skep.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code skep.drivers} may be: it fills every {@code skep.<port>.driver} that is not set. */
enum DriverSet {
  EMBEDDED,
  CLUSTERED;

  static final String KEY = "skep.drivers";

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<DriverSet> of(String word) {
    return Arrays.stream(values()).filter(set -> set.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(DriverSet::word).toList();
  }
}
