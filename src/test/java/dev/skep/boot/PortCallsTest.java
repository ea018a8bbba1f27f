package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PortCallsTest {

  /** A port of this test. */
  interface Echo {
    String echo(String word) throws IOException;

    default String twice(String word) throws IOException {
      return echo(word) + echo(word);
    }
  }

  private final PortStates states = new PortStates();
  private final Echo port =
      new PortCalls(states)
          .guarded(
              Port.CACHE,
              Echo.class,
              word -> {
                if (word.isEmpty()) {
                  throw new IOException("nothing to say");
                }
                return word;
              });

  @Test
  void aCallBeforeThePortIsOpenIsRefusedAsUnavailableAndNamesThePort() {
    states.set(Port.CACHE, new PortState.Waiting("refused by 10.0.0.1:6379"));

    assertThatThrownBy(() -> port.echo("a"))
        .isInstanceOfSatisfying(
            SkepException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e.detail()).startsWith("cache: ").doesNotContain("10.0.0.1");
            });
  }

  @Test
  void aCallGoesThroughOnceThePortIsOpen() throws IOException {
    states.set(Port.CACHE, new PortState.Open(Duration.ZERO));

    assertThat(port.echo("a")).isEqualTo("a");
    assertThat(port.twice("a")).isEqualTo("aa");
  }

  @Test
  void whatTheDriverThrowsComesUnchanged() {
    states.set(Port.CACHE, new PortState.Open(Duration.ZERO));

    assertThatThrownBy(() -> port.echo(""))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("nothing to say");
  }

  @Test
  void aCallAfterTheCloseIsRefused() {
    states.set(Port.CACHE, new PortState.Closed());

    assertThatThrownBy(() -> port.echo("a"))
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  @Test
  void itCanBePrintedWhileItIsNotOpen() {
    assertThat(port.toString()).isNotEmpty();
    assertThat(port.hashCode()).isEqualTo(port.hashCode());
  }
}
