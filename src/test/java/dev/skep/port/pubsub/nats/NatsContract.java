package dev.skep.port.pubsub.nats;

import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.PubSubContract;
import dev.skep.testkit.server.NatsServer;
import dev.skep.testkit.server.TcpProxy;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract for two replicas on one server, behind a line that can be cut. */
abstract class NatsContract extends PubSubContract {

  private static final AtomicInteger INSTALLATIONS = new AtomicInteger();

  private TcpProxy proxy;
  private NatsPubSub here;
  private NatsPubSub there;

  protected abstract NatsServer server();

  /** The settings for an address, the prefix aside. */
  protected abstract TestConfig settings(String host, int port);

  @Override
  protected PubSub start() throws Exception {
    proxy = TcpProxy.to(server().host(), server().port());
    TestConfig config =
        settings("127.0.0.1", proxy.port())
            .prefix("test" + ProcessHandle.current().pid() + "." + INSTALLATIONS.incrementAndGet());
    here = new NatsPubSub(config);
    there = new NatsPubSub(config);
    here.open();
    there.open();
    return here;
  }

  @Override
  protected void stop() throws Exception {
    here.close();
    there.close();
    proxy.close();
  }

  @Override
  protected PubSub otherReplica() {
    return there;
  }

  @Override
  protected int capacity() {
    return TestConfig.CAPACITY;
  }

  @Override
  protected void setDown(boolean down) {
    if (down) {
      proxy.cut();
    } else {
      proxy.mend();
    }
  }
}
