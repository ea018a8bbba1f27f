package dev.skep.port.etcd;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster, one channel each, of which one is asked until it fails. One channel for
 * all would spread calls over them, a frozen one included, and would check every certificate
 * against the name of the first. Thread-safe.
 */
final class Endpoints implements AutoCloseable {

  /** The least that gRPC allows, and more than etcd demands between two signs of life (5 s). */
  private static final int KEEP_ALIVE_SECONDS = 10;

  private static final int CONNECT_MILLIS = 2_000;

  /** etcd limits a request to 1.5 MiB, but not an answer or the events of a watch. */
  private static final int LARGEST_ANSWER = 128 << 20;

  private final List<ManagedChannel> channels;
  private final ExecutorService names;
  private final AtomicInteger current;

  Endpoints(EtcdSettings settings) {
    SslContext tls = settings.tls() ? tls(settings) : null;
    names = Executors.newVirtualThreadPerTaskExecutor();
    channels = settings.endpoints().stream().map(address -> channel(address, tls)).toList();
    // Replicas begin at different members.
    current = new AtomicInteger(ThreadLocalRandom.current().nextInt(channels.size()));
  }

  int count() {
    return channels.size();
  }

  ManagedChannel current() {
    return channels.get(current.get());
  }

  /** Asks the next member from now on, unless another thread has left this one already. */
  void leave(ManagedChannel failed) {
    int index = channels.indexOf(failed);
    int next = (index + 1) % channels.size();
    if (current.compareAndSet(index, next) || channels.size() == 1) {
      // Its back-off grows to two minutes; whoever comes back to it has waited long enough.
      channels.get(next).resetConnectBackoff();
    }
  }

  /**
   * Leaves a member that did not answer. Its connection may lead nowhere, which TCP notices after
   * minutes only, so the next call there opens a new one.
   */
  void leaveSilent(ManagedChannel failed) {
    failed.enterIdle();
    leave(failed);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    names.shutdown();
  }

  private ManagedChannel channel(EtcdSettings.Address address, @Nullable SslContext tls) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            // Callbacks only put what they got into a queue.
            .directExecutor()
            .offloadExecutor(names)
            .disableRetry()
            .maxInboundMessageSize(LARGEST_ANSWER)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    return (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
  }

  private static SslContext tls(EtcdSettings settings) {
    Stream.of("ca-certificate", "client-certificate", "client-key")
        .forEach(setting -> file(settings, setting));
    try {
      return context(settings, true);
    } catch (SSLException | IllegalArgumentException e) {
      throw settings.refuse(wrong(settings), "holds no certificate or key in PEM", e);
    }
  }

  private static SslContext context(EtcdSettings settings, boolean withKey) throws SSLException {
    SslContextBuilder builder = GrpcSslContexts.forClient();
    settings.caCertificate().ifPresent(file -> builder.trustManager(file.toFile()));
    if (withKey && settings.clientCertificate().isPresent() && settings.clientKey().isPresent()) {
      builder.keyManager(
          settings.clientCertificate().get().toFile(), settings.clientKey().get().toFile());
    }
    return builder.build();
  }

  /** The setting that the context fails with. */
  private static String wrong(EtcdSettings settings) {
    try {
      context(settings, false);
      return "client-certificate";
    } catch (SSLException | IllegalArgumentException e) {
      return "ca-certificate";
    }
  }

  private static void file(EtcdSettings settings, String setting) {
    Path file =
        switch (setting) {
          case "ca-certificate" -> settings.caCertificate().orElse(null);
          case "client-certificate" -> settings.clientCertificate().orElse(null);
          default -> settings.clientKey().orElse(null);
        };
    if (file != null && !Files.isReadable(file)) {
      throw settings.refuse(setting, "the file " + file + " cannot be read");
    }
  }
}
