package dev.skep.api.rest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/**
 * The end of a connection of HTTP/1.1 behind a request of which nobody knows where it ends: what
 * follows could be its body or the next request, so it is neither (RFC 9112, section 6.3).
 */
final class LastRequest {

  private static final AttributeKey<Boolean> SEEN = AttributeKey.valueOf(LastRequest.class, "seen");

  /** What the HTTP server calls its handler of what was decoded. */
  private static final String REQUESTS = "handler";

  /** For the answer to come to the client, which a reset would take from it. */
  private static final long LINGER_MILLIS = 1_000;

  private LastRequest() {}

  /** Whether this only looks like a request: it comes after the last one. */
  static boolean wasBefore(HttpServerRequest request) {
    return channel(request).hasAttr(SEEN);
  }

  /** Closes the connection once the request has been answered. On its own thread. */
  static void is(RoutingContext context, Vertx vertx) {
    HttpServerRequest request = context.request();
    Channel channel = channel(request);
    channel.attr(SEEN).set(true);
    channel.pipeline().addBefore(REQUESTS, null, new Discarding());
    Context own = vertx.getOrCreateContext();
    context.addEndHandler(
        answered ->
            own.runOnContext(
                sent -> {
                  ((DuplexChannel) channel).shutdownOutput();
                  vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
                }));
  }

  private static Channel channel(HttpServerRequest request) {
    return ((ConnectionBase) request.connection()).channel();
  }

  private static final class Discarding extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}
