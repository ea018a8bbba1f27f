package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** What work costs of a processor; unlike a clock it does not count what others do meanwhile. */
public final class ProcessorTime {

  /** A hundred times what any bounded work of a request needs; quadratic work needs seconds. */
  private static final Duration BOUND = Duration.ofMillis(300);

  private ProcessorTime() {}

  /** Demands that the work, whatever becomes of it, costs no more than a request may. */
  public static void isBounded(String what, Runnable work) {
    assertThat(of(work)).as(what).isLessThan(BOUND);
  }

  private static Duration of(Runnable work) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      work.run();
    } catch (RuntimeException e) {
      // A refusal is an answer too; what it cost is asked here.
    }
    return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
  }
}
