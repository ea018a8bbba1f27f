package dev.skep.api.rest;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Lets only a request without a body upgrade its connection to HTTP/2; one with a body stays in
 * HTTP/1.1, as a server may decide (RFC 9110, section 7.8). The HTTP server would switch before the
 * body has come: some clients (curl) then never send it, and nothing slows the others down when it
 * comes faster than it is stored.
 *
 * <p>The HTTP server has no place for this, so Netty looks it up for each new connection ({@code
 * META-INF/services}, switched on by {@code ServeCommand}).
 */
public final class UpgradesWithoutBody extends ChannelInitializerExtension {

  /** What the HTTP server calls its handler of upgrades. */
  private static final String UPGRADES = "h2c";

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.pipeline().addLast(new AtTheFirstByte());
  }

  /** The HTTP server has taken the connection, and now decides which version it speaks. */
  private static final class AtTheFirstByte extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.pipeline().addLast(new OnceTheVersionIsKnown());
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    }
  }

  private static final class OnceTheVersionIsKnown extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      if (context.pipeline().get(UPGRADES) != null) {
        context.pipeline().addBefore(UPGRADES, null, new AtTheFirstRequest());
      }
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    }
  }

  private static final class AtTheFirstRequest extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request && hasBody(request)) {
        request.headers().remove(HttpHeaderNames.UPGRADE);
      }
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    }

    private static boolean hasBody(HttpRequest request) {
      return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
          || !request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
    }
  }
}
