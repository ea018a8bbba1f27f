package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a nested class of a contract inside a test, to prove that it catches a broken driver: {@code
 * ContractRun.of(OverABrokenStore.class, "Reading").assertRed("seesOneSnapshot")}.
 *
 * <p>The class that extends the contract with the broken wrapper is a static nested class that ends
 * in {@code Broken…} or {@code Over…}, so that no build runs it by its name.
 *
 * @param failed the methods that failed, or what could not be set up
 * @param passed the methods that did not
 */
public record ContractRun(List<String> failed, List<String> passed) {

  /** Runs one {@link Nested} class, inherited or not, of a class that extends a contract. */
  public static ContractRun of(Class<?> contract, String nested) {
    NestedClassSelector selector = selectNestedClass(List.of(contract), nested(contract, nested));
    return run(LauncherDiscoveryRequestBuilder.request().selectors(selector).build());
  }

  /** Runs all of it. */
  public static ContractRun of(Class<?> contract) {
    return run(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(contract)).build());
  }

  /** The names of the nested classes of a contract, so that a test can demand a catch for each. */
  public static Set<String> nestedClasses(Class<?> contract) {
    return Arrays.stream(contract.getDeclaredClasses())
        .filter(each -> each.isAnnotationPresent(Nested.class))
        .map(Class::getSimpleName)
        .collect(Collectors.toSet());
  }

  /** Tests ran, and none failed: what makes a broken driver red is what was broken. */
  public ContractRun assertGreen() {
    assertThat(failed).isEmpty();
    assertThat(passed).isNotEmpty();
    return this;
  }

  /** The named tests failed, of which there is at least one: a failed set-up catches nothing. */
  public ContractRun assertRed(String first, String... more) {
    List<String> tests = Stream.concat(Stream.of(first), Stream.of(more)).toList();
    assertThat(failed).as("tests that caught it (green: %s)", passed).containsAll(tests);
    return this;
  }

  private static Class<?> nested(Class<?> contract, String name) {
    return Stream.<Class<?>>iterate(contract, each -> each != null, Class::getSuperclass)
        .flatMap(each -> Arrays.stream(each.getDeclaredClasses()))
        .filter(each -> each.isAnnotationPresent(Nested.class))
        .filter(each -> each.getSimpleName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(contract + " has no nested " + name));
  }

  private static ContractRun run(LauncherDiscoveryRequest request) {
    Record record = new Record();
    LauncherFactory.create().execute(request, record);
    return new ContractRun(List.copyOf(record.failed), List.copyOf(record.passed));
  }

  private static final class Record implements TestExecutionListener {

    private final List<String> failed = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = name(test);
      switch (result.getStatus()) {
        case FAILED -> failed.add(name);
        case SUCCESSFUL -> {
          if (test.isTest()) {
            passed.add(name);
          }
        }
        // An aborted test says nothing about the driver.
        case ABORTED -> {}
      }
    }

    /** Of each run of a parameterised test the same. */
    private static String name(TestIdentifier test) {
      return test.getSource().orElse(null) instanceof MethodSource method
          ? method.getMethodName()
          : test.getDisplayName();
    }
  }
}
