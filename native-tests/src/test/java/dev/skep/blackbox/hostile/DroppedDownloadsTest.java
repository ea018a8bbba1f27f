package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Skep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that go away in the middle leave nothing behind. */
final class DroppedDownloadsTest {

  private static final List<Integer> SIZES = List.of(1_000, 60_000, 3_000_000);

  @Test
  void aDroppedRequestIsOverAndHoldsUpNoStop() {
    try (Skep skep = Skep.start()) {
      Client admin = skep.admin();
      SIZES.forEach(size -> admin.put("/files/home/" + size, new byte[size]).is(201));
      int logged = skep.output().length();
      for (int round = 0; round < 100; round++) {
        SIZES.forEach(size -> drop(admin, "/files/home/" + size));
      }
      assertThat(admin.get("/files/home/1000").is(200).body()).hasSize(1_000);

      long begun = System.nanoTime();
      skep.stop();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
      assertThat(skep.output().substring(logged)).isEmpty();
    }
  }

  /** With a reset, as a process that is killed or a cable that is pulled out. */
  private static void drop(Client client, String path) {
    RawRequest.Conversation conversation = RawRequest.of(client, "GET", path).open();
    conversation.readSome();
    conversation.breakOff();
  }
}
