package dev.skep.bench.ports;

import dev.skep.boot.CalledPorts;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.s3.S3ObjectStore;
import dev.skep.port.objects.s3.S3ObjectsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Blobs of 64 KB, each side below a prefix of its own in the same bucket. */
final class ObjectsContest implements Contest {

  private static final int SIZE = 64 * 1024;
  private static final int LISTED = 200;
  private static final int PAGE = 100;
  private static final int PRECONDITION_FAILED = 412;
  private static final String TAKEN = "one/taken";
  private static final String LIST = "listed/";

  /** Where the bare client has what the driver has below {@code skep/blobs/}. */
  private static final String BARE = "bare/blobs/";

  private final S3ObjectStore driver;
  private final ObjectStore store;
  private final S3Client bare;
  private final String bucket;
  private final byte[] content = new byte[SIZE];

  /** The key that each side is at, since an operation has one caller here. */
  private String key = "";

  private ObjectsContest(Settings settings) throws IOException {
    ThreadLocalRandom.current().nextBytes(content);
    S3ObjectsConfig config = settings.as(S3ObjectsConfig.class);
    bucket = config.bucket();
    driver = new S3ObjectStore(config);
    driver.open();
    store = CalledPorts.of("objects", ObjectStore.class, driver);
    bare = client(settings);
    for (int i = 0; i < LISTED; i++) {
      put(LIST + i);
      barePut(LIST + i);
    }
    put(TAKEN);
    barePut(TAKEN);
  }

  static Contest open(Settings settings) throws IOException {
    return new ObjectsContest(settings);
  }

  /** With the settings that the driver gives its own, but for time limits and the prefix. */
  private static S3Client client(Settings settings) {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create(settings.value("skep.objects.s3.endpoint")))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    settings.value("skep.objects.s3.access-key"),
                    settings.value("skep.objects.s3.secret-key"))))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
        .httpClient(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(10))
                .build())
        .overrideConfiguration(
            override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .addExecutionInterceptor(new WithoutExpect()))
        .build();
  }

  /** The client asks before it sends a body, which is a round trip more; the driver does not. */
  private static final class WithoutExpect implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().toBuilder().removeHeader("Expect").build();
    }
  }

  @Override
  public List<Comparison> comparisons() {
    Operation newKey = caller -> key = "new/" + UUID.randomUUID();
    Operation remove = caller -> store.delete(key);
    Operation bareRemove = caller -> bareDelete(key);
    return List.of(
        Comparison.alone(
            "list 100 of 200",
            caller -> require(store.list(LIST, null, PAGE).size() == PAGE),
            Peer.equal("ListObjectsV2", caller -> require(bareList().size() == PAGE))),
        Comparison.alone(
            "get 64 KB", caller -> get(), Peer.equal("GetObject, read whole", caller -> bareGet())),
        Comparison.alone(
            "put 64 KB",
            ((Operation) caller -> put(key)).after(newKey).then(remove),
            Peer.equal(
                "PutObject with If-None-Match and a mark",
                ((Operation) caller -> barePut(key)).after(newKey).then(bareRemove)),
            Peer.informing(
                "PutObject alone",
                ((Operation) caller -> barePutAlone(key)).after(newKey).then(bareRemove))),
        Comparison.alone(
            "put 64 KB under a key that is taken",
            caller -> putTaken(),
            Peer.equal("PutObject refused, HeadObject", caller -> barePutTaken())),
        Comparison.alone(
            "delete",
            remove.after(
                caller -> {
                  newKey.run(caller);
                  put(key);
                }),
            Peer.equal(
                "DeleteObject",
                bareRemove.after(
                    caller -> {
                      newKey.run(caller);
                      barePut(key);
                    }))));
  }

  private void put(String name) {
    try (ObjectStore.Upload upload = store.create(name, SIZE)) {
      upload.write(content, 0, SIZE);
      upload.commit();
    }
  }

  private void putTaken() throws IOException {
    try {
      put(TAKEN);
    } catch (ObjectStore.KeyTaken e) {
      return;
    }
    throw new IOException("a key was given twice");
  }

  private void get() throws IOException {
    ByteBuffer into = ByteBuffer.allocate(SIZE);
    try (ObjectStore.Download download = store.open(TAKEN, 0, -1)) {
      while (download.read(into) > 0) {}
    }
    require(!into.hasRemaining());
  }

  private void barePut(String name) {
    // The mark tells whose a blob is when the answer was lost (P20).
    Map<String, String> mark = Map.of("skep-upload", UUID.randomUUID().toString());
    bare.putObject(
        request -> request.bucket(bucket).key(object(name)).ifNoneMatch("*").metadata(mark),
        RequestBody.fromBytes(content));
  }

  private void barePutAlone(String name) {
    bare.putObject(
        request -> request.bucket(bucket).key(object(name)), RequestBody.fromBytes(content));
  }

  private void barePutTaken() throws IOException {
    try {
      barePut(TAKEN);
    } catch (S3Exception e) {
      var head = bare.headObject(request -> request.bucket(bucket).key(object(TAKEN)));
      require(e.statusCode() == PRECONDITION_FAILED && head.metadata().containsKey("skep-upload"));
      return;
    }
    throw new IOException("a key was given twice");
  }

  private void bareGet() throws IOException {
    byte[] into = new byte[SIZE];
    try (InputStream in = bare.getObject(request -> request.bucket(bucket).key(object(TAKEN)))) {
      require(in.readNBytes(into, 0, SIZE) == SIZE);
    }
  }

  private List<String> bareList() {
    return bare
        .listObjectsV2(request -> request.bucket(bucket).prefix(BARE + "listed.").maxKeys(PAGE))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private void bareDelete(String name) {
    bare.deleteObject(request -> request.bucket(bucket).key(object(name)));
  }

  /** As the driver names its objects, so that the server does the same. */
  private static String object(String name) {
    return BARE + name.replace('/', '.');
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("the S3 server answered something else");
    }
  }

  @Override
  public void close() {
    driver.close();
    bare.close();
  }
}
