package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.testkit.LongTexts;
import dev.skep.testkit.ProcessorTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PasswordsTest {

  @Test
  void aHashIsAPhcStringOfArgon2idWithASaltOfItsOwn() {
    Passwords passwords = new Passwords(2, Duration.ofSeconds(60));
    String hash = passwords.hash("correct horse");
    assertThat(hash)
        .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    assertThat(passwords.hash("correct horse")).isNotEqualTo(hash);
    assertThat(passwords.matches("correct horse", hash)).isTrue();
    assertThat(passwords.matches("correct horsf", hash)).isFalse();
    passwords.stop();
  }

  /**
   * From RFC 9106's reference implementation: argon2 -id -m 16 -t 2 -p 1 for "password",
   * "somesalt".
   */
  @Test
  void hashesOfOthersAreRead() {
    String reference =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assertThat(Argon2.matches("password", reference)).isTrue();
    assertThat(Argon2.matches("Password", reference)).isFalse();
  }

  @Test
  void aPasswordThatNobodyCanHaveIsRefusedAtOnce() {
    Passwords passwords = new Passwords(1, Duration.ofSeconds(60));
    String hash = passwords.hash("correct horse");
    for (String text : LongTexts.of(100_000).toList()) {
      ProcessorTime.isBounded(text.substring(0, 3), () -> Argon2.matches(text, hash));
      ProcessorTime.isBounded(text.substring(0, 3), () -> Passwords.check(text, "/password"));
    }
    passwords.stop();
  }

  /** Stored as a question mark, it would open the account to another password. */
  @Test
  void halfOfASurrogatePairIsNoPartOfAPassword() {
    for (String broken : List.of("correct \ud800 horse", "correct horse\udc00")) {
      assertThatThrownBy(() -> Passwords.check(broken, "/password"))
          .isInstanceOfSatisfying(
              SkepException.class,
              e -> assertThat(e.fields().getFirst().pointer()).isEqualTo("/password"));
    }
    Passwords.check("correct \ud83d\udc0e", "/password");
  }

  @Test
  void whoDoesNotExistHasNoPasswordNotEvenTheEmptyOne() {
    Passwords passwords = new Passwords(1, Duration.ofSeconds(60));
    assertThat(passwords.matches("", null)).isFalse();
    passwords.stop();
  }

  @Test
  void noMoreThanTheGivenNumberRunAtOnceAndTheOthersAreRefused() throws InterruptedException {
    Passwords passwords = new Passwords(2, Duration.ZERO);
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      Thread.ofVirtual()
          .start(
              () ->
                  passwords.run(
                      () -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        running.countDown();
                        end.await();
                        now.decrementAndGet();
                        return true;
                      }));
    }
    running.await();
    for (int i = 0; i < 50; i++) {
      SkepException refusal = People.refused(() -> passwords.hash("too many"));
      assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
      assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }
    assertThat(most).hasValue(2);
    end.countDown();
    passwords.stop();
  }

  @Test
  void whoFindsTheQueueFullIsRefusedAtOnce() throws Exception {
    Passwords passwords = new Passwords(1, Duration.ofSeconds(60));
    CountDownLatch end = new CountDownLatch(1);
    List<Future<Boolean>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        answers.add(
            threads.submit(
                () ->
                    passwords.run(
                        () -> {
                          end.await();
                          return true;
                        })));
      }
      // None of them gets its turn before the end, so that whoever is done was refused.
      while (answers.stream().filter(Future::isDone).count() < 100) {
        Thread.sleep(5);
      }
      end.countDown();
    }
    assertThat(answers.stream().filter(answer -> answer.state() == Future.State.SUCCESS).count())
        .isBetween(64L, 100L);
    passwords.stop();
  }

  @Test
  void aTurnComesBackWhenTheWorkFails() {
    Passwords passwords = new Passwords(1, Duration.ofSeconds(60));
    for (int i = 0; i < 3; i++) {
      assertThat(
              People.code(
                  () ->
                      passwords.run(
                          () -> {
                            throw new SkepException(ErrorCode.UNAUTHENTICATED, "no");
                          })))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    passwords.stop();
  }
}
