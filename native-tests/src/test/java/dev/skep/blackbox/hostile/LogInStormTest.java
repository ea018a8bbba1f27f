package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Skep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Password hashes take memory; many at once must not take all of it (P25). */
@Tag("P25")
final class LogInStormTest {

  private static final int CALLERS = 200;

  @Test
  void twoHundredLogInsAtOnceInASmallHeapAreAnsweredOneWayOrTheOther() throws Exception {
    try (Skep skep = Skep.on(Skep.newFolder("skep-data")).plain().javaOption("-Xmx128m").start()) {
      String right = skep.adminFile("password");
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Integer>> answers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CALLERS; i++) {
          String name = i % 4 == 0 ? "admin" : "guess-" + i;
          answers.add(
              threads.submit(
                  () -> {
                    go.await();
                    return skep.nobody()
                        .post("/sessions", "{'name':'%s','password':'%s'}".formatted(name, right))
                        .status();
                  }));
        }
        go.countDown();
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      var counts =
          statuses.stream()
              .collect(
                  Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
      System.out.println(CALLERS + " log-ins at once at -Xmx128m: " + counts);
      assertThat(statuses)
          .hasSize(CALLERS)
          .allMatch(status -> List.of(201, 401, 429).contains(status));
      assertThat(counts.keySet()).as("some got their turn").containsAnyOf(201, 401);

      assertThat(statusOfWhoComesAgain(skep, right)).isEqualTo(201);
      skep.admin().get("/me").is(200);
      assertThat(skep.process().isAlive()).isTrue();
      assertThat(skep.output()).doesNotContain("OutOfMemoryError");
    }
  }

  /** Whom the storm took no turn from for good: he waits as he is told, then he gets in. */
  private static int statusOfWhoComesAgain(Skep skep, String password) throws InterruptedException {
    String body = "{'name':'admin','password':'%s'}".formatted(password);
    Answer answer = skep.nobody().post("/sessions", body);
    for (int again = 0; answer.status() == 429 && again < 10; again++) {
      Thread.sleep(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After"))));
      answer = skep.nobody().post("/sessions", body);
    }
    return answer.status();
  }
}
