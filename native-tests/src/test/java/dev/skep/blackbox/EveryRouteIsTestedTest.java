package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the run against docs/openapi.yaml, in both directions. It comes last ({@link JudgesLast})
 * and means something only after a whole run.
 */
final class EveryRouteIsTestedTest {

  /** What the introduction of the description says of every route. */
  private static final Set<String> OF_EVERY_ROUTE = Set.of("→ 414", "→ 431", "→ 503");

  /** And of every route that changes something. */
  private static final String OF_EVERY_CHANGE = "→ 507";

  private static final Set<String> READING = Set.of("GET ", "HEAD ", "OPTIONS ");

  private final Set<String> seen = Observations.all();
  private final Set<String> demanded = Observations.allDemanded();

  @TestFactory
  Stream<DynamicTest> everyStatusOfEveryRouteIsDemandedByATest() {
    return described().stream()
        .map(
            pair ->
                DynamicTest.dynamicTest(
                    pair,
                    () ->
                        assertThat(demanded.contains(pair))
                            .as("a test that demands: %s", pair)
                            .isTrue()));
  }

  @Test
  void nothingWasAnsweredThatTheDescriptionDoesNotKnow() {
    Set<String> surprises = new TreeSet<>(seen);
    surprises.removeAll(described());
    // A method that a route does not have and a path without a route cannot be described.
    surprises.removeIf(pair -> pair.endsWith("→ 405") && !isDescribed(pair));
    surprises.removeIf(pair -> pair.contains(" unknown "));
    // HEAD is answered as GET is (RFC 9110, section 9.3.2).
    surprises.removeIf(
        pair -> pair.startsWith("HEAD ") && described().contains(pair.replaceFirst("HEAD", "GET")));
    surprises.removeIf(pair -> OF_EVERY_ROUTE.stream().anyMatch(pair::endsWith));
    surprises.removeIf(
        pair -> pair.endsWith(OF_EVERY_CHANGE) && READING.stream().noneMatch(pair::startsWith));
    assertThat(surprises).as("answers unknown to openapi.yaml: %s", surprises).isEmpty();
  }

  @Test
  void inputNeverGives500() {
    // Described where stored content may be damaged, which no input does.
    List<String> failures =
        seen.stream()
            .filter(pair -> pair.endsWith("→ 500") && !described().contains(pair))
            .toList();
    assertThat(seen).isNotEmpty();
    assertThat(failures).as("answered with 500: %s", failures).isEmpty();
  }

  private static boolean isDescribed(String pair) {
    return Description.get().operations().stream()
        .anyMatch(operation -> pair.startsWith(operation + " →"));
  }

  private static Set<String> described() {
    Set<String> pairs = new TreeSet<>();
    Description.get()
        .operations()
        .forEach(
            operation ->
                operation
                    .statuses()
                    .forEach(
                        status ->
                            pairs.add(
                                Observations.pair(operation.method(), operation.route(), status))));
    return pairs;
  }
}
