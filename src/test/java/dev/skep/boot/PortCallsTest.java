package dev.skep.boot;

import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private final PortMetrics metrics = new PortMetrics(Optional.of("a secret of the test"), states);
  private final PortCalls calls = new PortCalls(states, metrics);
  private final Echo port =
      calls.guarded(
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

    assertUnavailable(() -> port.echo("a"));
  }

  @Test
  void itCanBePrintedWhileItIsNotOpen() {
    assertThat(port.toString()).isNotEmpty();
    assertThat(port.hashCode()).isEqualTo(port.hashCode());
  }

  @Test
  void everyCallIsTimedByPortOperationAndOutcome() throws IOException {
    assertThatThrownBy(() -> port.echo("a")).isInstanceOf(SkepException.class);
    states.set(Port.CACHE, new PortState.Open(Duration.ZERO));
    port.echo("a");
    port.echo("b");
    assertThatThrownBy(() -> port.echo("")).isInstanceOf(IOException.class);

    assertThat(metrics.text())
        .contains(
            count("echo", "ok", 2), count("echo", "unavailable", 1), count("echo", "failed", 1))
        .contains("skep_port_open{port=\"cache\"} 1.0", "skep_port_open{port=\"sql\"} 0.0")
        .contains("jvm_memory_used_bytes", "process_uptime_seconds");
  }

  @Test
  void whatAFunctionOfTheCallerThrowsIsNoFailureOfThePort() {
    SqlStore sql = calls.guarded(Port.SQL, SqlStore.class, new Direct());
    states.set(Port.SQL, new PortState.Open(Duration.ZERO));

    assertThatThrownBy(
            () ->
                sql.read(
                    tx -> {
                      throw new SkepException(ErrorCode.NOT_FOUND, "no such file");
                    }))
        .isInstanceOf(SkepException.class);

    assertThat(metrics.text())
        .contains("skep_port_seconds_count{operation=\"read\",outcome=\"refused\",port=\"sql\"} 1");
  }

  @Test
  void whatAPortHandsOutIsTimedAsAPartOfIt() {
    ObjectStore objects = calls.guarded(Port.OBJECTS, ObjectStore.class, new Uploads());
    states.set(Port.OBJECTS, new PortState.Open(Duration.ZERO));

    try (ObjectStore.Upload upload = objects.create("a", 1)) {
      upload.write(new byte[1], 0, 1);
      upload.commit();
    }

    assertThat(metrics.text())
        .contains(
            "operation=\"create\",outcome=\"ok\",port=\"objects\"",
            "operation=\"upload.write\",outcome=\"ok\",port=\"objects\"",
            "operation=\"upload.commit\",outcome=\"ok\",port=\"objects\"");
  }

  @Test
  void onlyTheConfiguredSecretOpensTheMetrics() {
    assertThat(metrics.opensWith("a secret of the test")).isTrue();
    assertThat(metrics.opensWith("a secret of the tess")).isFalse();
    assertThat(metrics.opensWith("")).isFalse();
    assertThat(new PortMetrics(Optional.empty(), states).opensWith("")).isFalse();
  }

  private static String count(String operation, String outcome, int count) {
    return "skep_port_seconds_count{operation=\"%s\",outcome=\"%s\",port=\"cache\"} %d"
        .formatted(operation, outcome, count);
  }

  private static final class Direct implements SqlStore {
    @Override
    public <R> R read(Work<R> work) {
      return work.run(null);
    }

    @Override
    public <R> R write(Work<R> work) {
      return work.run(null);
    }
  }

  /** Takes everything and keeps nothing. */
  private static final class Uploads implements ObjectStore, ObjectStore.Upload {
    @Override
    public Upload create(String key, long length) {
      return this;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {}

    @Override
    public void commit() {}

    @Override
    public void close() {}

    @Override
    public Download open(String key, long offset, long length) {
      return null;
    }

    @Override
    public void delete(String key) {}

    @Override
    public List<String> list(String prefix, String after, int limit) {
      return List.of();
    }
  }
}
