package dev.skep.testkit.tier;

import java.time.Duration;
import java.util.Locale;

/**
 * How much this run of the tests does: {@code -Dskep.test.tier=quick|default|soak}. The one place
 * that tests ask how often to repeat what they do; each number stands beside the test that it is
 * of.
 */
public enum Tier {
  /** {@code ./skep test quick}: what a change is tried with while it is written. */
  QUICK,
  /** {@code ./skep test}: counts that catch what is wrong. */
  DEFAULT,
  /** {@code ./skep test soak}: hours, for what is seldom wrong. */
  SOAK;

  /** Why a test did not run that only the soak runs. */
  static final String LEFT = "left to ./skep test soak";

  /** What a machine that does much else may add to the time that something takes. */
  private static final Duration BUSY = Duration.ofSeconds(5);

  /** That of this run. */
  public static Tier current() {
    return valueOf(System.getProperty("skep.test.tier", "default").toUpperCase(Locale.ROOT));
  }

  /** How often, in the soak and otherwise. */
  public static int count(int usual, int soak) {
    return current() == SOAK ? soak : usual;
  }

  /** A bound that is promised: as it is in the soak, and as a busy machine keeps it otherwise. */
  public static Duration within(Duration promised) {
    return current() == SOAK ? promised : promised.plus(BUSY);
  }

  /** How often, in each of them. */
  public static int count(int quick, int usual, int soak) {
    return current() == QUICK ? quick : count(usual, soak);
  }
}
