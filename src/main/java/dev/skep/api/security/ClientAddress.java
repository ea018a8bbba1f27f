package dev.skep.api.security;

import io.smallrye.common.net.Inet;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from. That is its peer, unless that is a trusted proxy: then it is the last
 * hop in {@code Forwarded} or {@code X-Forwarded-For} that is no trusted proxy itself. What stands
 * before that hop, anyone may have written.
 */
@Singleton
public class ClientAddress {

  private static final String FORWARDED = "Forwarded";
  private static final String X_FORWARDED_FOR = "X-Forwarded-For";

  private final Proxies proxies;

  public ClientAddress(Proxies proxies) {
    this.proxies = proxies;
  }

  /** The address in its shortest form; empty where the connection has none. */
  public String of(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    return of(
        remote == null ? null : remote.hostAddress(),
        request.headers().getAll(FORWARDED),
        request.headers().getAll(X_FORWARDED_FOR));
  }

  String of(@Nullable String remote, List<String> forwarded, List<String> xForwardedFor) {
    InetAddress peer = ForwardedFor.address(remote);
    if (peer == null) {
      return "";
    }
    return Inet.toOptimalString(
        proxies.trust(peer) ? client(peer, forwarded, xForwardedFor) : peer);
  }

  /** A proxy that writes one header lets the other pass: where they differ, neither counts. */
  private InetAddress client(
      InetAddress proxy, List<String> forwarded, List<String> xForwardedFor) {
    InetAddress listed = lastUntrusted(proxy, ForwardedFor.listed(xForwardedFor));
    if (forwarded.isEmpty()) {
      return listed;
    }
    InetAddress element = lastUntrusted(proxy, ForwardedFor.elements(forwarded));
    return xForwardedFor.isEmpty() || element.equals(listed) ? element : proxy;
  }

  private InetAddress lastUntrusted(InetAddress proxy, List<String> hops) {
    InetAddress last = proxy;
    for (String hop : hops.reversed()) {
      InetAddress before = ForwardedFor.address(hop);
      if (before == null) {
        return last;
      }
      last = before;
      if (!proxies.trust(last)) {
        return last;
      }
    }
    return last;
  }
}
