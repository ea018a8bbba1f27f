package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import java.util.Set;

/** How a request is refused for what a store is unable to do. */
enum Refusal {
  /** It does not answer: come again. */
  DOWN(503, Set.of("unavailable", "unknown-outcome")),
  /** It has no room: somebody has to make some. */
  FULL(507, Set.of("no-space"));

  private final int status;
  private final Set<String> codes;

  Refusal(int status, Set<String> codes) {
    this.status = status;
    this.codes = codes;
  }

  boolean is(Answer answer) {
    return answer.status() == status;
  }

  /** With a problem document that says what is wrong, to clients and not to attackers. */
  void isClear(Operation operation, Answer answer) {
    assertThat(answer.status()).as("%s: %s", operation, answer.text()).isEqualTo(status);
    String code = answer.text("code");
    assertThat(code).as(operation.toString()).isIn(codes);
    answer.isProblem(status, code);
    assertThat(answer.text("detail")).doesNotContain("127.0.0.1", "Exception", "dev.skep");
    if (this == DOWN) {
      assertThat(answer.header("Retry-After")).as(operation.toString()).matches("[1-9][0-9]*");
    }
  }
}
