package dev.skep.port.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What counts as a sign of life that the leader has surely heard of; a tick lasts 100 ns here. */
class ProofsTest {

  private final Proofs proofs = new Proofs(1_000, Duration.ofNanos(100));

  @Test
  void theOpeningCountsFromTheBeginning() {
    assertThat(proofs.countedFrom(1_001)).isEqualTo(1_000);
  }

  @Test
  void anAnswerCountsOnceAnotherSucceedsThatWasSentHalfATickAfterIt() {
    proofs.succeeded(1_010, 1_020);

    assertThat(proofs.countedFrom(1_069)).isEqualTo(1_000);
    assertThat(proofs.countedFrom(1_070)).isEqualTo(1_010);
  }

  @Test
  void ofSeveralTheLastThatIsOldEnoughCounts() {
    proofs.succeeded(1_010, 1_020);
    proofs.succeeded(1_030, 1_040);
    proofs.succeeded(1_050, 1_060);

    assertThat(proofs.countedFrom(1_095)).isEqualTo(1_030);
    assertThat(proofs.countedFrom(1_200)).isEqualTo(1_050);
  }

  @Test
  void afterALongSilenceTheNextAnswerAloneProvesNothingNew() {
    proofs.succeeded(1_010, 1_020);
    proofs.succeeded(9_000, 9_010);

    assertThat(proofs.countedFrom(9_020)).isEqualTo(1_010);
  }

  @Test
  void aClockMayRunOverItsEnd() {
    Proofs late = new Proofs(Long.MAX_VALUE - 5, Duration.ofNanos(100));
    late.succeeded(Long.MAX_VALUE - 1, Long.MIN_VALUE + 5);

    assertThat(late.countedFrom(Long.MIN_VALUE + 60)).isEqualTo(Long.MAX_VALUE - 1);
  }
}
