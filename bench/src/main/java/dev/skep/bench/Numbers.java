package dev.skep.bench;

import java.util.Locale;

/** Figures with about three digits that count. */
final class Numbers {

  private Numbers() {}

  static String text(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
