package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /q/health/…}: open to anybody, names and up or down only. */
@BlackBox
final class HealthTest {

  private final Skep skep;

  HealthTest(Skep skep) {
    this.skep = skep;
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "ready", "started"})
  void saysUpWithoutLogIn(String check) {
    Answer answer = skep.nobody().get("/q/health/" + check).is(200);

    assertThat(answer.text("status")).isEqualTo("UP");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(skep.nobody().head("/q/health/" + check).is(200).body()).isEmpty();
  }

  @Test
  void readinessNamesThePortsAndNothingOfTheirTargets() {
    Answer answer = skep.nobody().get("/q/health/ready").is(200);

    assertThat(answer.json().path("checks").findValuesAsText("name"))
        .containsExactlyInAnyOrder(
            "sql", "objects", "config", "cache", "pubsub", "coordinator", "registry");
    answer
        .json()
        .path("checks")
        .forEach(
            check -> assertThat(check.fieldNames()).toIterable().containsOnly("status", "name"));
    assertThat(answer.text()).doesNotContain(skep.data().toString());
  }

  @Test
  void nothingElseIsReadableWithoutLogIn() {
    skep.nobody().get("/q/openapi").isProblem(401, "unauthenticated");
    skep.nobody().get("/me").isProblem(401, "unauthenticated");
  }

  @Test
  void theDescriptionIsServedAfterLogIn() {
    Answer answer = skep.admin().get("/q/openapi").is(200);

    assertThat(answer.text()).startsWith("openapi: 3.1").contains("/api/v1/files/");
  }
}
