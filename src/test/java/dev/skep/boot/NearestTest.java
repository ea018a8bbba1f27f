package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void countsInsertedRemovedReplacedAndSwappedLetters() {
    assertThat(Nearest.distance("redis", "redis")).isZero();
    assertThat(Nearest.distance("redis", "reddis")).isEqualTo(1);
    assertThat(Nearest.distance("redis", "reds")).isEqualTo(1);
    assertThat(Nearest.distance("redis", "radis")).isEqualTo(1);
    assertThat(Nearest.distance("redis", "rdeis")).isEqualTo(1);
    assertThat(Nearest.distance("", "redis")).isEqualTo(5);
  }

  @Test
  void theNearestIsTheOneWithTheFewest() {
    assertThat(Nearest.to("reddis", List.of("embedded", "redis"))).contains("redis");
    assertThat(Nearest.to("reddis", List.of())).isEmpty();
  }
}
