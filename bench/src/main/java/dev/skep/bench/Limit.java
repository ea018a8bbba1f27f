package dev.skep.bench;

import java.util.Locale;

/** What a figure must keep to be within its budget. */
public sealed interface Limit {

  /** Nothing: the figure informs. */
  Limit NONE = new None();

  /** Skep reaches at least this part of its peer. */
  static Limit atLeast(double ratio) {
    return new RatioAtLeast(ratio);
  }

  /** Skep takes at most this many times what the peer takes. */
  static Limit atMost(double ratio) {
    return new RatioAtMost(ratio);
  }

  /** Skep's figure itself is at most this. */
  static Limit absolute(double value, String unit) {
    return new Absolute(value, unit);
  }

  boolean isMet(double skep, double peer);

  /** As the table shows it; empty for no limit. */
  String text();

  /** No limit. */
  record None() implements Limit {
    @Override
    public boolean isMet(double skep, double peer) {
      return true;
    }

    @Override
    public String text() {
      return "";
    }
  }

  /** For rates. */
  record RatioAtLeast(double ratio) implements Limit {
    @Override
    public boolean isMet(double skep, double peer) {
      return skep / peer >= ratio;
    }

    @Override
    public String text() {
      return String.format(Locale.ROOT, ">= %.2f", ratio);
    }
  }

  /** For durations and sizes. */
  record RatioAtMost(double ratio) implements Limit {
    @Override
    public boolean isMet(double skep, double peer) {
      return skep / peer <= ratio;
    }

    @Override
    public String text() {
      return String.format(Locale.ROOT, "<= %.2f", ratio);
    }
  }

  /** For what has a budget of its own. */
  record Absolute(double value, String unit) implements Limit {
    @Override
    public boolean isMet(double skep, double peer) {
      return skep <= value;
    }

    @Override
    public String text() {
      return "<= " + Numbers.text(value) + " " + unit;
    }
  }
}
