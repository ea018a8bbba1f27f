package dev.skep.port.objects.s3;

import static dev.skep.port.objects.s3.S3StoreTest.bytes;
import static dev.skep.port.objects.s3.S3StoreTest.exists;
import static dev.skep.port.objects.s3.S3StoreTest.put;
import static dev.skep.port.objects.s3.S3StoreTest.read;
import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.S3Server;
import dev.skep.testkit.server.TcpProxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to the driver when its server, or the line to it, fails. */
@Tag("server")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3FaultsTest {

  private static final int PART = 5 << 20;

  /** Longer than any wait of {@link TestConfig}, its repetitions and a slow machine included. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @TempDir static Path folder;
  private static Certificates certificates;
  private static S3Site site;
  private static S3Site tlsSite;
  private TcpProxy line;
  private S3ObjectStore store;

  @BeforeAll
  static void startServers() throws Exception {
    certificates = new Certificates(folder);
    Certificates.Server certificate = certificates.server();
    site = S3Site.of(data -> S3Server.versitygw(data));
    tlsSite = S3Site.of(data -> S3Server.versitygw(data, certificate));
  }

  @AfterAll
  static void stopServers() throws Exception {
    if (site != null) {
      site.close();
    }
    if (tlsSite != null) {
      tlsSite.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    open(site);
  }

  private void open(S3Site to) throws Exception {
    line = TcpProxy.to("127.0.0.1", to.server().port());
    TestConfig config =
        TestConfig.of((to.server().tls() ? "https" : "http") + "://127.0.0.1:" + line.port())
            .withPrefix("tests/" + UUID.randomUUID());
    store = (to.server().tls() ? config.withCa(certificates.authority()) : config).store();
    store.open();
  }

  @AfterEach
  void close() throws Exception {
    line.mend();
    store.close();
    line.close();
  }

  /** The call on a thread as the product has them; fails when it does not come back. */
  private static <T> T inTime(Callable<T> call) throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<T> result = pool.submit(call);
      try {
        return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } finally {
        result.cancel(true);
      }
    }
  }

  @Test
  void anAnswerToTheFirstProbeThatIsLostDoesNotEndTheStart() throws Exception {
    try (LostAnswers lossy = new LostAnswers(site.server().port())) {
      lossy.lose(
          1,
          head ->
              head.startsWith("PUT ") && head.toLowerCase(Locale.ROOT).contains("if-none-match"));
      S3ObjectStore fresh =
          TestConfig.of(lossy.endpoint()).withPrefix("tests/" + UUID.randomUUID()).store();
      try {
        fresh.open();
        assertThat(lossy.lost()).isEqualTo(1);
        put(fresh, "key", bytes(1, 10));
      } finally {
        fresh.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "delete"})
  void anInterruptAfterTheRequestWasSentIsAnUnknownOutcome(String request) throws Exception {
    put(store, "there", bytes(1, 10));
    line.loseAnswers();
    AtomicReference<Throwable> caught = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () ->
                    caught.set(
                        catchThrowable(
                            () -> {
                              if (request.equals("put")) {
                                put(store, "new", bytes(1, 10));
                              } else {
                                store.delete("there");
                              }
                            })));
    Thread.sleep(500);
    caller.interrupt();
    assertThat(caller.join(PATIENCE)).isTrue();
    assertThat(caught.get()).isInstanceOf(UnknownOutcomeException.class);
  }

  private static ErrorCode failure(Runnable call) throws Exception {
    return inTime(
        () -> {
          try {
            call.run();
            throw new AssertionError("it did not fail");
          } catch (SkepException e) {
            return e.code();
          }
        });
  }

  @Test
  void aDownloadThatIsCutGoesOnWhereItWas() throws Exception {
    byte[] content = bytes(1, 30 << 20);
    put(store, "blob", content);
    ByteBuffer all = ByteBuffer.allocate(content.length);
    int cuts = 0;
    try (Download download = store.open("blob", 0, -1)) {
      while (download.read(all) >= 0) {
        if (all.position() > (cuts + 1) * (6 << 20)) {
          line.reset();
          cuts++;
        }
      }
    }
    assertThat(cuts).isGreaterThanOrEqualTo(4);
    assertThat(Arrays.equals(all.array(), content)).isTrue();
  }

  @Test
  void anUploadThatIsCutBetweenPartsGoesOn() throws Exception {
    byte[] content = bytes(2, 4 * PART);
    try (Upload upload = store.create("blob", content.length)) {
      for (int part = 0; part < 4; part++) {
        upload.write(content, part * PART, PART);
        line.reset();
      }
      upload.commit();
    }
    assertThat(Arrays.equals(read(store, "blob"), content)).isTrue();
  }

  @Test
  void aLineThatStaysCutEndsEveryCallAndIsForgivenWhenMended() throws Exception {
    put(store, "blob", bytes(1, 100_000));
    Upload upload = store.create("large", -1);
    upload.write(bytes(2, PART + 1), 0, PART + 1);
    line.cut();

    assertThat(failure(() -> read(store, "blob"))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(() -> store.list("", null, 1))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(store::check)).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(upload::commit)).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(() -> put(store, "new", bytes(3, 10))))
        .isIn(ErrorCode.UNAVAILABLE, ErrorCode.UNKNOWN_OUTCOME);

    line.mend();
    store.check();
    assertThat(read(store, "blob")).isEqualTo(bytes(1, 100_000));
    assertThat(store.list("", null, 10)).containsExactly("blob");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBlackHoleEndsEveryCallInTime(boolean tls) throws Exception {
    if (tls) {
      close();
      open(tlsSite);
    }
    put(store, "blob", bytes(1, 30 << 20));
    Upload upload = store.create("large", -1);
    upload.write(bytes(2, PART), 0, PART);
    Download download = store.open("blob", 0, -1);
    download.read(ByteBuffer.allocate(10));
    line.silence();

    assertThat(failure(() -> upload.write(bytes(2, 2 * PART), 0, 2 * PART)))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(() -> drain(download))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(() -> read(store, "blob"))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(() -> put(store, "new", bytes(3, 10)))).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(failure(() -> store.delete("blob"))).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(failure(() -> store.list("", null, 1))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure(store::check)).isEqualTo(ErrorCode.UNAVAILABLE);

    line.mend();
    put(store, "after", bytes(4, 10));
    assertThat(read(store, "after")).isEqualTo(bytes(4, 10));
    assertThat(exists(store, "large")).isFalse();
  }

  @Test
  void aFrozenServerEndsEveryCallInTimeAndServesAgainWhenItThaws() throws Exception {
    put(store, "blob", bytes(1, 100_000));
    site.server().process().freeze();
    try {
      assertThat(failure(() -> read(store, "blob"))).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(failure(() -> put(store, "new", bytes(2, 10))))
          .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
      assertThat(failure(() -> put(store, "large", bytes(2, PART + 1))))
          .isEqualTo(ErrorCode.UNAVAILABLE);
    } finally {
      site.server().process().thaw();
    }
    assertThat(read(store, "blob")).isEqualTo(bytes(1, 100_000));
    eventually(
        "the request that was sent is done", Duration.ofSeconds(5), () -> exists(store, "new"));
  }

  @Test
  void aSlowLineIsNoFailure() throws Exception {
    line.slow(Duration.ofMillis(20));
    put(store, "blob", bytes(1, 100_000));
    assertThat(read(store, "blob")).isEqualTo(bytes(1, 100_000));
  }

  @Test
  void nothingAcknowledgedIsLostWhileTheServerIsKilledAgainAndAgain() throws Exception {
    Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    AtomicInteger number = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        writers.add(
            pool.submit(
                () -> {
                  while (!done.get()) {
                    int n = number.incrementAndGet();
                    byte[] content = bytes(n, n % 4 == 0 ? PART + n : 1000 + n);
                    try {
                      put(store, "b/" + n, content);
                      acknowledged.put("b/" + n, content);
                    } catch (SkepException e) {
                      failures.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      Random random = new Random();
      for (int kill = 0; kill < 20; kill++) {
        Thread.sleep(random.nextInt(50, 400));
        site.server().process().kill();
        Thread.sleep(random.nextInt(0, 200));
        site.server().process().restart();
      }
      done.set(true);
      for (Future<?> each : writers) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    System.out.printf(
        "20 kills, %d acknowledged, %d failed%n", acknowledged.size(), failures.get());
    assertThat(acknowledged).hasSizeGreaterThan(50);
    assertThat(failures).hasPositiveValue();
    acknowledged.forEach(
        (key, content) -> assertThat(Arrays.equals(read(store, key), content)).as(key).isTrue());
  }

  /** What a commit told is so, wherever the line was cut. */
  @Test
  void whatACommitToldIsSoWhereverTheLineWasCut() throws Exception {
    Random random = new Random();
    Map<String, AtomicInteger> told = new ConcurrentHashMap<>();
    for (int round = 0; round < 100; round++) {
      String key = "r/" + round;
      byte[] content = bytes(round, 20_000);
      long nanos = random.nextInt(6_000_000);
      Thread cutter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(nanos);
                    line.cut();
                  });
      String outcome;
      try {
        put(store, key, content);
        outcome = "made";
      } catch (SkepException e) {
        outcome = e.code().code();
      }
      cutter.join();
      line.mend();
      told.computeIfAbsent(outcome, o -> new AtomicInteger()).incrementAndGet();
      switch (outcome) {
        case "made" -> assertThat(read(store, key)).isEqualTo(content);
        case "unavailable" -> assertThat(exists(store, key)).isFalse();
        case "unknown-outcome" -> {}
        default -> throw new AssertionError(outcome);
      }
    }
    System.out.println("Cut commits told: " + told);
    assertThat(told).containsKey("made");
    assertThat(told.size()).isGreaterThan(1);
  }

  @Test
  void downloadsThatNobodyReadsToTheEndLeaveNoConnection() throws Exception {
    put(store, "blob", bytes(1, 20 << 20));
    for (int i = 0; i < 50; i++) {
      try (Download download = store.open("blob", 0, -1)) {
        download.read(ByteBuffer.allocate(100));
      }
    }
    for (int i = 0; i < 50; i++) {
      assertThat(read(store, "blob").length).isEqualTo(20 << 20);
      store.create("never", -1).close();
    }
    // The JDK keeps at most five idle ones.
    eventually("idle connections only", Duration.ofSeconds(5), () -> line.connections() <= 5);
  }

  @Test
  void aCloseLeavesNoThread() throws Exception {
    put(store, "blob", bytes(1, 10));
    store.close();
    eventually(
        "no thread of the driver",
        Duration.ofSeconds(5),
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("skep-objects-s3")));
    assertThatExceptionOfType(SkepException.class).isThrownBy(() -> exists(store, "blob"));
  }

  private static void drain(Download download) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    while (download.read(buffer) >= 0) {
      buffer.clear();
    }
  }
}
