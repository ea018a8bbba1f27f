package dev.skep.port.objects.s3;

import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.CannotOpen;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.port.objects.ObjectStore.KeyTaken;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.server.S3Server;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What only this driver promises, on a real server. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class S3StoreTest {

  private static final int PART = 5 << 20;

  private final String prefix = "tests/" + UUID.randomUUID();
  private S3ObjectStore store;
  private S3Client s3;

  abstract S3Site site();

  @BeforeEach
  void open() {
    store = open(config());
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create(site().server().endpoint()))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
            .build();
  }

  @AfterEach
  void close() {
    store.close();
    s3.close();
  }

  private TestConfig config() {
    return TestConfig.of(site().server().endpoint()).withPrefix(prefix);
  }

  private static S3ObjectStore open(TestConfig config) {
    S3ObjectStore store = config.store();
    store.open();
    return store;
  }

  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void put(ObjectStore store, String key, byte[] content) {
    try (Upload upload = store.create(key, -1)) {
      upload.write(content, 0, content.length);
      upload.commit();
    }
  }

  static byte[] read(ObjectStore store, String key) {
    try (Download download = store.open(key, 0, -1)) {
      assertThat(download).as("blob " + key).isNotNull();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int n = download.read(ByteBuffer.wrap(buffer));
          n >= 0;
          n = download.read(ByteBuffer.wrap(buffer))) {
        all.write(buffer, 0, n);
      }
      return all.toByteArray();
    }
  }

  static boolean exists(ObjectStore store, String key) {
    try (Download download = store.open(key, 0, -1)) {
      return download != null;
    }
  }

  private List<MultipartUpload> unfinished(String under) {
    return s3.listMultipartUploads(r -> r.bucket("skep-test")).uploads().stream()
        .filter(each -> each.key().startsWith(under + "/"))
        .toList();
  }

  private List<String> objects() {
    return s3.listObjectsV2(r -> r.bucket("skep-test").prefix(prefix + "/")).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  private static <T> List<T> together(int threads, Callable<T> task) throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> each :
          pool.invokeAll(IntStream.range(0, threads).mapToObj(i -> task).toList())) {
        results.add(each.get());
      }
      return results;
    }
  }

  @Nested
  class LargeBlobs {

    @ParameterizedTest
    @ValueSource(ints = {PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1})
    void haveExactlyTheirBytesWhereverPartsEnd(int length) {
      put(store, "blob", bytes(1, length));

      assertThat(read(store, "blob")).isEqualTo(bytes(1, length));
      assertThat(store.list("", null, 10)).containsExactly("blob");
      assertThat(unfinished(prefix)).isEmpty();
    }

    @Test
    void ofManyCommitsUnderOneKeySmallAndLargeExactlyOneWins() throws Exception {
      for (int round = 0; round < 5; round++) {
        String key = "round-" + round;
        List<byte[]> results =
            together(
                6,
                () -> {
                  long seed = Thread.currentThread().threadId();
                  byte[] content = bytes(seed, seed % 2 == 0 ? PART + 1000 : 1000);
                  try {
                    put(store, key, content);
                    return content;
                  } catch (KeyTaken e) {
                    return new byte[0];
                  }
                });

        List<byte[]> winners = results.stream().filter(each -> each.length > 0).toList();
        assertThat(winners).hasSize(1);
        assertThat(read(store, key)).isEqualTo(winners.getFirst());
      }
      assertThat(unfinished(prefix)).isEmpty();
    }

    @Test
    void doNotReplaceASmallOne() {
      put(store, "blob", bytes(1, 10));

      assertThatExceptionOfType(KeyTaken.class)
          .isThrownBy(() -> put(store, "blob", bytes(2, PART + 1)));

      assertThat(read(store, "blob")).isEqualTo(bytes(1, 10));
    }

    @Test
    void leaveNothingOnTheServerWhenTheyAreGivenUp() {
      try (Upload upload = store.create("blob", -1)) {
        upload.write(bytes(1, 2 * PART), 0, 2 * PART);
        assertThat(unfinished(prefix)).hasSize(1);
      }

      assertThat(unfinished(prefix)).isEmpty();
      assertThat(exists(store, "blob")).isFalse();
    }

    @Test
    void leaveNothingOnTheServerWhenTheDriverIsClosedInTheMiddle() {
      store.create("blob", -1).write(bytes(1, 2 * PART), 0, 2 * PART);
      store.close();

      assertThat(unfinished(prefix)).isEmpty();
    }

    @Test
    void thatNobodyFinishedAreSweptUnderThePrefixOnly() {
      String elsewhere = prefix + "-other";
      for (String each : List.of(prefix, elsewhere)) {
        s3.createMultipartUpload(r -> r.bucket("skep-test").key(each + "/blobs/a"));
      }
      KeySpace space = new KeySpace("skep-test", prefix);
      S3Endpoints endpoints = S3Clients.of(config().read());
      Instant now = Instant.now();

      try (endpoints) {
        InstantSource inAnHour = InstantSource.fixed(now.plus(Duration.ofHours(1)));
        InstantSource inThreeDays = InstantSource.fixed(now.plus(Duration.ofDays(3)));
        assertThat(new S3Sweep(endpoints, space, Duration.ofDays(2), inAnHour).sweep()).isZero();
        assertThat(new S3Sweep(endpoints, space, Duration.ofDays(2), inThreeDays).sweep())
            .isEqualTo(1);
      }

      assertThat(unfinished(prefix)).isEmpty();
      assertThat(unfinished(elsewhere)).hasSize(1);
    }
  }

  @Nested
  class LostAnswersOf {

    @Test
    void aSmallCommitDoNotMakeItFail() throws Exception {
      try (LostAnswers line = new LostAnswers(site().server().port())) {
        S3ObjectStore over = open(config().withEndpoint(line.endpoint()));
        line.lose(1, head -> head.startsWith("PUT "));

        put(over, "blob", bytes(1, 1000));

        assertThat(line.lost()).isEqualTo(1);
        assertThat(read(over, "blob")).isEqualTo(bytes(1, 1000));
        over.close();
      }
    }

    @Test
    void aLargeCommitDoNotMakeItFail() throws Exception {
      try (LostAnswers line = new LostAnswers(site().server().port())) {
        S3ObjectStore over = open(config().withEndpoint(line.endpoint()));
        Upload upload = over.create("blob", -1);
        upload.write(bytes(1, PART + 1), 0, PART + 1);
        line.lose(1, head -> head.startsWith("POST ") && head.contains("uploadId="));

        upload.commit();

        assertThat(line.lost()).isEqualTo(1);
        assertThat(read(over, "blob")).isEqualTo(bytes(1, PART + 1));
        over.close();
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, PART + 1})
    void allTriesOfACommitAreToldAsAnUnknownOutcome(int length) throws Exception {
      try (LostAnswers line = new LostAnswers(site().server().port())) {
        S3ObjectStore over = open(config().withEndpoint(line.endpoint()));
        Upload upload = over.create("blob", -1);
        upload.write(bytes(1, length), 0, length);
        boolean inParts = length > PART;
        line.lose(100, head -> !inParts || head.startsWith("POST ") || head.startsWith("HEAD "));

        assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(upload::commit);

        line.lose(0, head -> false);
        assertThat(read(over, "blob")).isEqualTo(bytes(1, length));
        over.close();
      }
    }

    @Test
    void aDeleteAreToldAsAnUnknownOutcome() throws Exception {
      put(store, "blob", bytes(1, 10));
      try (LostAnswers line = new LostAnswers(site().server().port())) {
        S3ObjectStore over = open(config().withEndpoint(line.endpoint()));
        line.lose(100, head -> head.startsWith("DELETE "));

        assertThatExceptionOfType(UnknownOutcomeException.class)
            .isThrownBy(() -> over.delete("blob"));

        line.lose(0, head -> false);
        over.delete("blob");
        assertThat(exists(over, "blob")).isFalse();
        over.close();
      }
    }

    @Test
    void aCommitThatSomebodyElseWonMeanwhileDoNotMakeItOurs() throws Exception {
      put(store, "blob", bytes(1, 10));
      try (LostAnswers line = new LostAnswers(site().server().port())) {
        S3ObjectStore over = open(config().withEndpoint(line.endpoint()));
        line.lose(1, head -> head.startsWith("PUT "));

        assertThatExceptionOfType(KeyTaken.class).isThrownBy(() -> put(over, "blob", bytes(2, 10)));

        assertThat(line.lost()).isEqualTo(1);
        over.close();
      }
    }
  }

  @Nested
  class SeveralEndpoints {

    @Test
    void oneThatIsDownIsPassedOver() throws Exception {
      int nobody = dev.skep.testkit.server.ServerProcess.freePort();
      S3ObjectStore both =
          open(
              config()
                  .withEndpoint("http://127.0.0.1:" + nobody + ", " + site().server().endpoint()));

      put(both, "blob", bytes(1, 2 * PART));

      assertThat(read(both, "blob")).isEqualTo(bytes(1, 2 * PART));
      both.close();
    }
  }

  @Nested
  class Sharing {

    @Test
    void installationsUnderTwoPrefixesOfOneBucketDoNotSeeEachOther() {
      S3ObjectStore other = open(config().withPrefix(prefix + "x").withInstallation("other"));
      put(store, "mine", bytes(1, 10));
      put(other, "theirs", bytes(2, 10));

      assertThat(store.list("", null, 10)).containsExactly("mine");
      assertThat(other.list("", null, 10)).containsExactly("theirs");
      assertThat(exists(store, "theirs")).isFalse();
      other.close();
    }

    @Test
    void tenReplicasMayStartAtOnceOnABucketThatIsNotThere() throws Exception {
      String bucket = "fresh-" + UUID.randomUUID();
      List<S3ObjectStore> replicas =
          together(10, () -> S3StoreTest.open(config().withBucket(bucket, true)));

      put(replicas.getFirst(), "blob", bytes(1, 10));
      assertThat(read(replicas.getLast(), "blob")).isEqualTo(bytes(1, 10));
      replicas.forEach(S3ObjectStore::close);
    }

    @Test
    void anOpenLeavesNothingButTheFormat() {
      assertThat(objects()).containsExactly(prefix + "/format");
    }
  }

  @Nested
  class Refused {

    private void refused(TestConfig config, String key, String... words) {
      S3ObjectStore wrong = config.store();
      assertThatExceptionOfType(CannotOpen.class)
          .isThrownBy(wrong::open)
          .satisfies(
              e -> {
                assertThat(e.key()).isEqualTo("skep.objects.s3." + key);
                for (String word : words) {
                  assertThat(e.getMessage()).contains(word);
                }
                assertThat(e.line()).doesNotContain(S3Server.SECRET_KEY);
              });
      wrong.close();
    }

    private void write(String object, String content) {
      s3.putObject(r -> r.bucket("skep-test").key(object), RequestBody.fromString(content));
    }

    @Test
    void anAccessKeyThatTheServerDoesNotKnow() {
      refused(
          config().withKeys(Optional.of("nobody"), Optional.of("secret")),
          "access-key",
          "does not know");
    }

    @Test
    void aSecretKeyThatIsNotTheAccessKeys() {
      refused(
          config().withKeys(Optional.of(S3Server.ACCESS_KEY), Optional.of("wrong")), "secret-key");
    }

    @Test
    void oneKeyWithoutTheOther() {
      refused(config().withKeys(Optional.of("a"), Optional.empty()), "secret-key", "missing");
      refused(config().withKeys(Optional.empty(), Optional.of("a")), "access-key", "missing");
    }

    @Test
    void aBucketThatIsMissingAndMayNotBeMade() {
      refused(config().withBucket("not-there", false), "bucket", "not-there", "create-bucket");
    }

    @Test
    void aPrefixOfAnotherInstallation() {
      refused(config().withInstallation("another"), "prefix", "belongs to the installation test");
    }

    @Test
    void aPrefixOfANewerFormat() {
      write(prefix + "x/format", "skep-objects 2 test\n");
      refused(config().withPrefix(prefix + "x"), "prefix", "newer Skep");
    }

    @Test
    void aPrefixThatHoldsSomethingElse() {
      write(prefix + "x/holiday.jpg", "jpeg");
      refused(config().withPrefix(prefix + "x"), "prefix", "holiday.jpg");
      assertThat(s3.listObjectsV2(r -> r.bucket("skep-test").prefix(prefix + "x/")).contents())
          .hasSize(1);
    }

    @Test
    void aDamagedFormat() {
      write(prefix + "x/format", "hello");
      refused(config().withPrefix(prefix + "x"), "prefix", "damaged");
    }

    @Test
    void clocksThatDifferByMinutes() {
      SdkGlobalTime.setGlobalTimeOffset((int) Duration.ofMinutes(40).toSeconds());
      try {
        refused(config(), "endpoint", "clocks");
      } finally {
        SdkGlobalTime.setGlobalTimeOffset(0);
      }
    }

    @Test
    void whatIsNoAddress() {
      refused(config().withEndpoint("minio:9000"), "endpoint", "addresses");
      refused(config().withEndpoint("http://user:word@minio:9000"), "endpoint", "without user");
    }

    @Test
    void settingsThatMakeNoSense() {
      refused(config().withPartSize(1000), "part-size", "5242880");
      refused(config().withPrefix("/a"), "prefix");
      refused(config().withBucket("a/b", true), "bucket");
    }

    @Test
    void tlsWhereTheServerSpeaksNone() {
      refused(
          config().withEndpoint("https://127.0.0.1:" + site().server().port()), "endpoint", "TLS");
    }

    @Test
    void notAServerThatCannotBeReachedWhichMayCome() throws Exception {
      int nobody = dev.skep.testkit.server.ServerProcess.freePort();
      ThrowingCallable open = () -> open(config().withEndpoint("http://127.0.0.1:" + nobody));
      assertUnavailable(open);
    }
  }
}
