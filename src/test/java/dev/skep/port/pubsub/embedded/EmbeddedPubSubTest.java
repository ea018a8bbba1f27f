package dev.skep.port.pubsub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.port.CannotOpen;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.PubSubContract;
import org.junit.jupiter.api.Test;

/** The contract within one process, and what only this driver promises. */
class EmbeddedPubSubTest extends PubSubContract {

  private static final int CAPACITY = 100;

  private EmbeddedPubSub hints;

  @Override
  protected PubSub start() {
    hints = new EmbeddedPubSub(() -> CAPACITY);
    hints.open();
    return hints;
  }

  @Override
  protected void stop() {
    hints.close();
  }

  @Override
  protected int capacity() {
    return CAPACITY;
  }

  /** Memory is never down; a driver that is not open stands for it. */
  @Override
  protected void setDown(boolean down) {
    if (down) {
      hints.close();
    } else {
      hints.open();
    }
  }

  @Test
  void tooSmallABufferIsRefusedByItsKey() {
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(() -> new EmbeddedPubSub(() -> 9).open())
        .satisfies(
            e ->
                assertThat(e.line())
                    .isEqualTo("skep.pubsub.embedded.max-pending: must be at least 10, not 9"));
  }
}
