package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What became of operations that were asked for at once. */
record Outcomes(Map<Operation, Answer> answers, Map<Operation, Duration> took) {

  static Outcomes of(Work work) throws InterruptedException {
    return of(work, EnumSet.allOf(Operation.class));
  }

  static Outcomes of(Work work, Set<Operation> operations) throws InterruptedException {
    Map<Operation, Future<Answer>> asked = new EnumMap<>(Operation.class);
    Map<Operation, Answer> answers = new EnumMap<>(Operation.class);
    Map<Operation, Duration> took = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Operation each : operations) {
        asked.put(
            each,
            threads.submit(
                () -> {
                  long began = System.nanoTime();
                  Answer answer = work.does(each);
                  took.put(each, Duration.ofNanos(System.nanoTime() - began));
                  return answer;
                }));
      }
      for (Operation each : operations) {
        answers.put(each, asked.get(each).get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError("not answered at all", e.getCause());
    }
    return new Outcomes(answers, took);
  }

  /** Fails unless all works again in time. */
  static void awaitAllWork(Work work, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Outcomes after = of(work);
    while (!after.allWork()) {
      assertThat(System.nanoTime() - end).as("%s still fails", after.failed()).isNegative();
      after = of(work);
    }
  }

  /** Refused is exactly this, each with a clear problem document, and all in time. */
  void judge(Set<Operation> refused, Duration bound) {
    judge(Refusal.DOWN, refused, refused, bound);
  }

  /** Refused is all that must be and nothing but what may be, clearly, and all in time. */
  void judge(Refusal refusal, Set<Operation> must, Set<Operation> may, Duration bound) {
    for (Operation each : answers.keySet()) {
      Answer answer = answers.get(each);
      if (must.contains(each) || (may.contains(each) && answer.status() != each.status())) {
        refusal.isClear(each, answer);
      } else {
        assertThat(answer.status()).as("%s: %s", each, answer.text()).isEqualTo(each.status());
      }
      assertThat(took.get(each)).as("time of " + each).isLessThan(bound);
    }
  }

  /** Whatever of it a store that ends meanwhile has let pass; the rest is refused clearly. */
  void judgeMixture(Duration bound) {
    for (Refusal refusal : Refusal.values()) {
      answers.forEach(
          (operation, answer) -> {
            if (refusal.is(answer)) {
              refusal.isClear(operation, answer);
            }
          });
    }
    answers.forEach(
        (operation, answer) -> {
          assertThat(answer.status())
              .as("%s: %s", operation, answer.text())
              .isIn(operation.status(), 503, 507);
          assertThat(took.get(operation)).as("time of " + operation).isLessThan(bound);
        });
  }

  boolean allWork() {
    return answers.entrySet().stream()
        .allMatch(each -> each.getValue().status() == each.getKey().status());
  }

  /** Those that failed, for a message. */
  Set<Operation> failed() {
    Set<Operation> failed = EnumSet.noneOf(Operation.class);
    answers.forEach(
        (operation, answer) -> {
          if (answer.status() != operation.status()) {
            failed.add(operation);
          }
        });
    return failed;
  }

  Duration longest() {
    return took.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /** The different details of those that were refused. */
  List<String> details() {
    return answers.values().stream()
        .filter(answer -> answer.status() >= 500)
        .map(answer -> answer.text("code") + ": " + answer.text("detail"))
        .distinct()
        .sorted()
        .toList();
  }
}
