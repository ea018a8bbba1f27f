package dev.skep.port.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Breaker breaker = new Breaker(now::get);

  @Test
  void everybodyMayAskWhileAllIsWell() {
    assertThat(breaker.mayAsk()).isTrue();
    assertThat(breaker.mayAsk()).isTrue();
  }

  @Test
  void afterAFailureNobodyAsksDuringThePauseAndThenOneAtATime() {
    breaker.failed(10);
    now.addAndGet(9); // over the end of the clock's numbers
    assertThat(breaker.mayAsk()).isFalse();
    now.addAndGet(1);
    assertThat(breaker.mayAsk()).isTrue();
    assertThat(breaker.mayAsk()).isFalse();
  }

  @Test
  void anAnswerLetsEverybodyAskAgain() {
    breaker.failed(0);
    assertThat(breaker.mayAsk()).isTrue();
    breaker.answered();
    assertThat(breaker.mayAsk()).isTrue();
    assertThat(breaker.mayAsk()).isTrue();
  }

  @Test
  void aTryThatFailsBeginsThePauseAnew() {
    breaker.failed(0);
    assertThat(breaker.mayAsk()).isTrue();
    breaker.failed(10);
    assertThat(breaker.mayAsk()).isFalse();
    now.addAndGet(10);
    assertThat(breaker.mayAsk()).isTrue();
  }
}
