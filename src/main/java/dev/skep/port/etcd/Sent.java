package dev.skep.port.etcd;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * Remembers whether a call got as far as a connection. What did not has surely not happened, which
 * no status of gRPC tells.
 */
final class Sent extends ClientStreamTracer.Factory {

  private volatile boolean sent;

  boolean isSent() {
    return sent;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void streamCreated(Attributes transport, Metadata headersOfStream) {
        sent = true;
      }
    };
  }
}
