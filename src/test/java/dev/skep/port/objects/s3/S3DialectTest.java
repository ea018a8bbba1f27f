package dev.skep.port.objects.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.objects.ObjectStore.KeyTaken;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.server.S3Server;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that does not keep what the port promises is found out at the start (P20). */
@Tag("server")
@Tag("P20")
class S3DialectTest {

  private static S3Site site;

  /** It takes any signature, so that requests can be changed on their way. */
  @BeforeAll
  static void startServer() throws Exception {
    site = S3Site.of(S3Server::s3proxyForAnybody);
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  private static void refused(UnaryOperator<String> change, String ability) throws Exception {
    try (LostAnswers line = new LostAnswers(site.server().port(), change)) {
      S3ObjectStore store =
          TestConfig.of(line.endpoint()).withPrefix("tests/" + UUID.randomUUID()).store();

      assertThatExceptionOfType(CannotOpen.class)
          .isThrownBy(store::open)
          .satisfies(
              e -> {
                assertThat(e.key()).isEqualTo("skep.objects.s3.endpoint");
                assertThat(e.getMessage()).contains(ability);
              });
    }
  }

  @Test
  void aProxyThatStripsConditionsIsRefused() throws Exception {
    refused(piece -> piece.replace("If-None-Match", "X-None-Match-"), "If-None-Match");
  }

  @Test
  void aProxyThatStripsRangesIsRefused() throws Exception {
    refused(piece -> piece.replace("\r\nRange: ", "\r\nXange: "), "ranges");
  }

  /** Stripped from requests that put parts together only. */
  private static String withoutConditionOfParts(String piece) {
    return piece.startsWith("POST ") ? piece.replace("If-None-Match", "X-None-Match-") : piece;
  }

  @Test
  void whereOnlyPartsArePutTogetherWithoutConditionsKeysAreReservedFirst() throws Exception {
    try (LostAnswers line =
        new LostAnswers(site.server().port(), S3DialectTest::withoutConditionOfParts)) {
      S3ObjectStore store = open(line);
      byte[] small = S3StoreTest.bytes(1, 10);
      byte[] large = S3StoreTest.bytes(2, (5 << 20) + 1);

      S3StoreTest.put(store, "small-first", small);
      assertThatExceptionOfType(KeyTaken.class)
          .isThrownBy(() -> S3StoreTest.put(store, "small-first", large));
      assertThat(S3StoreTest.read(store, "small-first")).isEqualTo(small);

      S3StoreTest.put(store, "large-first", large);
      assertThatExceptionOfType(KeyTaken.class)
          .isThrownBy(() -> S3StoreTest.put(store, "large-first", small));
      assertThat(S3StoreTest.read(store, "large-first")).isEqualTo(large);

      for (int round = 0; round < 5; round++) {
        assertThat(winners(store, "race-" + round)).isEqualTo(1);
      }
      store.close();
    }
  }

  private static int winners(S3ObjectStore store, String key) throws Exception {
    AtomicInteger winners = new AtomicInteger();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int racer = 0; racer < 6; racer++) {
        byte[] content = S3StoreTest.bytes(racer, racer % 2 == 0 ? 10 : (5 << 20) + 1);
        pool.submit(
            () -> {
              try {
                S3StoreTest.put(store, key, content);
                assertThat(S3StoreTest.read(store, key)).isEqualTo(content);
                winners.incrementAndGet();
              } catch (KeyTaken e) {
                // another one won
              }
            });
      }
    }
    return winners.get();
  }

  @Test
  void aReservedKeyIsShownToNobody() throws Exception {
    try (LostAnswers line =
        new LostAnswers(site.server().port(), S3DialectTest::withoutConditionOfParts)) {
      S3ObjectStore store = open(line);
      Upload upload = store.create("blob", -1);
      upload.write(S3StoreTest.bytes(1, 6 << 20), 0, 6 << 20);
      line.lose(100, head -> head.startsWith("POST ") || head.startsWith("HEAD "));
      line.refuse(head -> head.startsWith("POST "));

      assertThatExceptionOfType(SkepException.class).isThrownBy(upload::commit);

      line.lose(0, head -> false);
      line.refuse(head -> false);
      assertThat(S3StoreTest.exists(store, "blob")).isFalse();
      assertThat(store.list("", null, 10)).isEmpty();
      store.delete("blob");
      S3StoreTest.put(store, "blob", S3StoreTest.bytes(2, 10));
      assertThat(store.list("", null, 10)).containsExactly("blob");
      store.close();
    }
  }

  private static S3ObjectStore open(LostAnswers line) {
    S3ObjectStore store =
        TestConfig.of(line.endpoint()).withPrefix("tests/" + UUID.randomUUID()).store();
    store.open();
    return store;
  }

  @Test
  void theSameServerIsGoodEnoughWhenNothingIsStripped() throws Exception {
    try (LostAnswers line = new LostAnswers(site.server().port())) {
      S3ObjectStore store = open(line);
      S3StoreTest.put(store, "blob", S3StoreTest.bytes(1, 100));
      assertThat(S3StoreTest.read(store, "blob")).isEqualTo(S3StoreTest.bytes(1, 100));
      store.close();
    }
  }
}
