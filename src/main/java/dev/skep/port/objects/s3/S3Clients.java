package dev.skep.port.objects.s3;

import dev.skep.port.CannotOpen;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the clients of a configuration, and says what is wrong with it. */
final class S3Clients {

  static final String KEY = "skep.objects.s3.";

  private static final long TICK = 500;
  private static final int LARGEST_PORT = 65_535;
  private static final Pattern KEYS = Pattern.compile("[!-~]+");

  private final S3ObjectsConfig config;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("skep-objects-s3-timer").factory());
  private final TrustManager @Nullable [] trusted;
  private final AwsCredentialsProvider credentials;

  private S3Clients(S3ObjectsConfig config) {
    this.config = config;
    this.trusted = config.ca().map(S3Clients::trusted).orElse(null);
    this.credentials = credentials(config);
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Makes the clients; nothing is connected yet.
   *
   * @throws CannotOpen when an address, a key or the file of authorities is of no use
   */
  static S3Endpoints of(S3ObjectsConfig config) {
    List<@Nullable URI> addresses = new ArrayList<>();
    config
        .endpoint()
        .ifPresentOrElse(text -> addresses.addAll(uris(text)), () -> addresses.add(null));
    S3Clients clients = new S3Clients(config);
    List<S3Endpoints.Endpoint> endpoints = addresses.stream().map(clients::endpoint).toList();
    clients.tick();
    return new S3Endpoints(endpoints, config.retries(), clients.timer::shutdownNow);
  }

  /** The queue always has an earlier end than a request's, so that no request wakes the thread. */
  private void tick() {
    timer.scheduleWithFixedDelay(() -> {}, TICK, TICK, TimeUnit.MILLISECONDS);
  }

  private S3Endpoints.Endpoint endpoint(@Nullable URI address) {
    return new S3Endpoints.Endpoint(
        address == null ? "Amazon " + config.region() : address.toString(),
        client(address, config.readTimeout(), config.requestTimeout()),
        client(address, config.commitTimeout(), config.commitTimeout()));
  }

  private S3Client client(@Nullable URI address, Duration silence, Duration whole) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(config.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(config.pathStyle())
            // What newer SDKs add by themselves, many servers do not know.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .httpClient(http(silence))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(whole)
                        .addExecutionInterceptor(new WithoutAskingFirst())
                        .scheduledExecutorService(timer)
                        .defaultProfileFile(ProfileFile.aggregator().build()));
    if (address != null) {
      builder.endpointOverride(address);
    }
    return builder.build();
  }

  private SdkHttpClient http(Duration silence) {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(config.connectTimeout())
            .socketTimeout(silence);
    TrustManager[] managers = trusted;
    if (managers != null) {
      http.tlsTrustManagersProvider(() -> managers);
    }
    return http.build();
  }

  private static List<URI> uris(String text) {
    List<URI> uris = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      uris.add(uri(each.strip()));
    }
    return uris;
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare =
          uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      if (http && bare && uri.getHost() != null && isPort(uri.getPort())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new CannotOpen(
        KEY + "endpoint",
        "is to be addresses like https://s3.example.org:9000, separated by commas and without user"
            + " or password",
        null);
  }

  /** −1 where none is named. */
  private static boolean isPort(int port) {
    return port == -1 || (port >= 1 && port <= LARGEST_PORT);
  }

  private static AwsCredentialsProvider credentials(S3ObjectsConfig config) {
    Optional<String> access = config.accessKey();
    Optional<String> secret = config.secretKey();
    if (access.isPresent() != secret.isPresent()) {
      throw new CannotOpen(
          KEY + (access.isPresent() ? "secret-key" : "access-key"),
          "is missing: access key and secret key are set both or not at all",
          null);
    }
    requireKey("access-key", access);
    requireKey("secret-key", secret);
    return access.isPresent() && secret.isPresent()
        ? StaticCredentialsProvider.create(AwsBasicCredentials.create(access.get(), secret.get()))
        : DefaultCredentialsProvider.builder().build();
  }

  private static void requireKey(String setting, Optional<String> key) {
    if (key.isPresent() && !KEYS.matcher(key.get()).matches()) {
      throw new CannotOpen(
          KEY + setting, "must be letters, digits and signs of ASCII, without blanks", null);
    }
  }

  private static TrustManager[] trusted(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      Collection<? extends Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (authorities.isEmpty()) {
        throw new CannotOpen(KEY + "ca", file + " holds no certificate", null);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : authorities) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new CannotOpen(KEY + "ca", file + " is not a readable PEM file of certificates", e);
    }
  }
}
