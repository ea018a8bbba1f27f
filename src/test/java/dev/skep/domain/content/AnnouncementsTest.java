package dev.skep.domain.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import dev.skep.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that need an id while the store of the tables gives none. */
final class AnnouncementsTest {

  private static final int UPLOADS = 8;

  @TempDir Path folder;

  /** Lets the first write wait, then fail; the others do their work. */
  private static final class Hanging implements SqlStore {

    private final SqlStore store;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger writes = new AtomicInteger();

    Hanging(SqlStore store) {
      this.store = store;
    }

    @Override
    public <R extends @Nullable Object> R read(Work<R> work) {
      return store.read(work);
    }

    @Override
    public <R extends @Nullable Object> R write(Work<R> work) {
      if (writes.incrementAndGet() > 1) {
        return store.write(work);
      }
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      throw new UnknownOutcomeException("the answer to the commit is lost", null);
    }
  }

  @Test
  void whoWaitsForAnAnnouncementThatFailsDoesNotWaitForOneMore() throws Exception {
    AtomicReference<Hanging> made = new AtomicReference<>();
    try (ContentFixture fixture = new ContentFixture(folder, objects -> objects, around(made))) {
      Hanging sql = made.get();
      Queue<ErrorCode> refused = new ConcurrentLinkedQueue<>();
      List<Thread> uploads = new ArrayList<>();
      for (int i = 0; i < UPLOADS; i++) {
        uploads.add(Thread.ofPlatform().start(() -> refused.add(refusal(fixture))));
      }
      Eventually.eventually(
          "all wait",
          Duration.ofSeconds(20),
          () -> uploads.stream().allMatch(each -> each.getState() == Thread.State.WAITING));
      sql.end.countDown();
      for (Thread each : uploads) {
        each.join();
      }
      assertThat(sql.writes).hasValue(1);
      assertThat(refused)
          .hasSize(UPLOADS)
          .containsOnlyOnce(ErrorCode.UNKNOWN_OUTCOME)
          .contains(ErrorCode.UNAVAILABLE)
          .doesNotContain(ErrorCode.INTERNAL);

      assertThat(fixture.receive(fixture.id(), "the next one").size()).isEqualTo(12);
    }
  }

  private static UnaryOperator<SqlStore> around(AtomicReference<Hanging> made) {
    return tables -> {
      Hanging hanging = new Hanging(tables);
      made.set(hanging);
      return hanging;
    };
  }

  private static ErrorCode refusal(ContentFixture fixture) {
    try {
      fixture.receive(fixture.id(), "content");
      return ErrorCode.INTERNAL;
    } catch (SkepException e) {
      return e.code();
    }
  }
}
