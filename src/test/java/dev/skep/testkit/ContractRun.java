package dev.skep.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs one nested class of a contract against a driver's test class, from within a test: so a suite
 * proves in its own run that each part of a contract notices a driver that breaks it.
 */
public record ContractRun(TestExecutionSummary summary) {

  /**
   * @param driver a concrete subclass of the contract
   * @param part the contract's nested class
   */
  public static ContractRun of(Class<?> driver, Class<?> part) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectNestedClass(List.of(driver), part))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return new ContractRun(listener.getSummary());
  }

  public long passed() {
    return summary.getTestsSucceededCount();
  }

  public long failed() {
    return summary.getTotalFailureCount();
  }

  /** The failures, for a message. */
  @Override
  public String toString() {
    StringWriter text = new StringWriter();
    summary.printFailuresTo(new PrintWriter(text), 3);
    return passed() + " passed, " + failed() + " failed" + text;
  }
}
