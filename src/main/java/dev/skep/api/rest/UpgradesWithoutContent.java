package dev.skep.api.rest;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Lets only a request that neither brings nor asks for content upgrade its connection to HTTP/2;
 * any other stays in HTTP/1.1, as a server may decide (RFC 9110, section 7.8). The HTTP server
 * would switch before a body has come: some clients (curl) then never send it, and nothing slows
 * the others down when it comes faster than it is stored. A large answer right behind the switch is
 * lost to clients that keep too little of it (curl 7.88 and Java's fail at some of 5 MB).
 *
 * <p>The HTTP server has no place for this, so Netty looks it up for each new connection ({@code
 * META-INF/services}, switched on by {@code ServeCommand}).
 */
public final class UpgradesWithoutContent extends ChannelInitializerExtension {

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
      if (message instanceof HttpRequest request
          && (hasBody(request) || isOfContent(request.uri()))) {
        request.headers().remove(HttpHeaderNames.UPGRADE);
      }
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    }

    private static boolean isOfContent(String address) {
      int end = address.indexOf('?');
      String path = end < 0 ? address : address.substring(0, end);
      return path.startsWith("/api/v1/files/") || path.endsWith("/content");
    }

    private static boolean hasBody(HttpRequest request) {
      return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
          || !request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
    }
  }
}
