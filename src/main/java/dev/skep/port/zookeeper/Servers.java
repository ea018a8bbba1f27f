package dev.skep.port.zookeeper;

import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.StaticHostProvider;

/**
 * Which server is tried next: in an order of chance, as ZooKeeper's client does, but without its
 * full second of rest after each round, since it pauses before each connection anyway.
 */
record Servers(HostProvider all) implements HostProvider {

  private static final long REST_MILLIS = 100;

  static Servers of(ZooKeeperSettings settings) {
    return new Servers(
        new StaticHostProvider(
            new ConnectStringParser(settings.connectString()).getServerAddresses()));
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public InetSocketAddress next(long restMillis) {
    return all.next(Math.min(restMillis, REST_MILLIS));
  }

  @Override
  public void onConnected() {
    all.onConnected();
  }

  @Override
  public boolean updateServerList(
      Collection<InetSocketAddress> servers, InetSocketAddress current) {
    return all.updateServerList(servers, current);
  }
}
