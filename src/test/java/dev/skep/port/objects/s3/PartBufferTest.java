package dev.skep.port.objects.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartBufferTest {

  private final PartBuffer buffer = new PartBuffer();
  private final Random random = new Random(5);

  @Test
  void itTakesAsMuchMemoryAsHasCome() {
    buffer.add(new byte[1], 0, 1);
    assertThat(buffer.allocated()).isEqualTo(PartBuffer.PIECE);
    buffer.add(new byte[PartBuffer.PIECE], 0, PartBuffer.PIECE);
    assertThat(buffer.allocated()).isEqualTo(2L * PartBuffer.PIECE);
  }

  @Test
  void whatWasAddedIsReadAgainAsOftenAsWanted() throws IOException {
    byte[] bytes = new byte[3 * PartBuffer.PIECE + 17];
    random.nextBytes(bytes);
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(1 + random.nextInt(PartBuffer.PIECE * 2), bytes.length - at);
      buffer.add(bytes, at, count);
      at += count;
    }
    assertThat(buffer.size()).isEqualTo(bytes.length);
    assertThat(buffer.body().optionalContentLength()).contains((long) bytes.length);
    for (int i = 0; i < 2; i++) {
      try (InputStream stream = buffer.body().contentStreamProvider().newStream()) {
        assertThat(stream.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void theNextPartTakesTheSameMemory() throws IOException {
    buffer.add(new byte[2 * PartBuffer.PIECE], 0, 2 * PartBuffer.PIECE);
    buffer.clear();
    buffer.add(new byte[] {1, 2, 3}, 1, 2);
    assertThat(buffer.allocated()).isEqualTo(2L * PartBuffer.PIECE);
    assertThat(buffer.body().contentStreamProvider().newStream().readAllBytes())
        .containsExactly(2, 3);
  }

  @Test
  void anEmptyPartHasNoBytes() throws IOException {
    assertThat(buffer.body().contentStreamProvider().newStream().readAllBytes()).isEmpty();
  }
}
