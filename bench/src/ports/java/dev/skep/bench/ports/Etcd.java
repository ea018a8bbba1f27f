package dev.skep.bench.ports;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** The bare clients of etcd: the stubs that jetcd generates, and jetcd's own client. */
final class Etcd implements AutoCloseable {

  private static final int SECONDS = 5;

  private final ManagedChannel channel;
  private final Client client;

  Etcd(Settings settings) {
    URI address = URI.create(settings.value("skep.config.etcd.endpoints"));
    channel =
        NettyChannelBuilder.forAddress(address.getHost(), address.getPort()).usePlaintext().build();
    client = Client.builder().endpoints(address).build();
  }

  KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  WatchGrpc.WatchStub watch() {
    return WatchGrpc.newStub(channel);
  }

  /** A lease's id. */
  long grant(int seconds) {
    return lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(seconds).build()).getID();
  }

  void revoke(long id) {
    lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
  }

  private LeaseGrpc.LeaseBlockingStub lease() {
    return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  Client client() {
    return client;
  }

  /** Beside those of the drivers, which are below {@code skep/}. */
  static ByteString key(String name) {
    return ByteString.copyFromUtf8("bare/" + name);
  }

  static io.etcd.jetcd.ByteSequence sequence(ByteString bytes) {
    return io.etcd.jetcd.ByteSequence.from(bytes);
  }

  /** The first key after all that begin with the prefix. */
  static ByteString endOf(ByteString prefix) {
    int last = prefix.size() - 1;
    byte[] next = {(byte) (prefix.byteAt(last) + 1)};
    return prefix.substring(0, last).concat(ByteString.copyFrom(next));
  }

  @Override
  public void close() {
    client.close();
    channel.shutdownNow();
  }
}
