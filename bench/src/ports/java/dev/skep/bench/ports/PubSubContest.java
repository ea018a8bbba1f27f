package dev.skep.bench.ports;

import dev.skep.boot.CalledPorts;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.nats.NatsPubSub;
import dev.skep.port.pubsub.nats.NatsPubSubConfig;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A hint from its publishing until its subscriber is called. */
final class PubSubContest implements Contest {

  private static final String TEXT = "a hint such as is sent when a right was withdrawn";

  private final NatsPubSub driver;
  private final PubSub pubSub;
  private final Connection bare;
  private final Semaphore received = new Semaphore(0);
  private final Semaphore bareReceived = new Semaphore(0);
  private final Semaphore bareHandedOver = new Semaphore(0);

  private PubSubContest(Settings settings) throws Exception {
    driver = new NatsPubSub(settings.as(NatsPubSubConfig.class));
    driver.open();
    pubSub = CalledPorts.of("pubsub", PubSub.class, driver);
    pubSub.subscribe("bench.hint", new Subscriber());
    bare =
        Nats.connect(Options.builder().server(settings.value("skep.pubsub.nats.servers")).build());
    var dispatcher = bare.createDispatcher();
    dispatcher.subscribe("bare.hint", message -> bareReceived.release());
    dispatcher.subscribe(
        "bare.handed-over", message -> Thread.ofVirtual().start(bareHandedOver::release));
    bare.flush(java.time.Duration.ofSeconds(5));
  }

  private final class Subscriber implements PubSub.Subscriber {
    @Override
    public void hint(PubSub.Hint hint) {
      received.release();
    }

    @Override
    public void missed() {
      // told once, while the subscription was made
    }
  }

  static Contest open(Settings settings) throws Exception {
    return new PubSubContest(settings);
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        Comparison.alone(
            "publish, received",
            caller -> {
              pubSub.publish("bench.hint", TEXT);
              Wait.of(received);
            },
            Peer.equal(
                "publish, received, handed to a virtual thread",
                caller -> {
                  publish("bare.handed-over");
                  Wait.of(bareHandedOver);
                }),
            Peer.informing(
                "publish, received on the client's own thread",
                caller -> {
                  publish("bare.hint");
                  Wait.of(bareReceived);
                })));
  }

  private void publish(String subject) {
    bare.publish(subject, TEXT.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws Exception {
    driver.close();
    bare.close();
  }
}
