package dev.skep.port.pubsub.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.PubSubContract;
import dev.skep.testkit.ContractRun;
import dev.skep.testkit.ForwardingPubSub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each part of the contract notices a driver that breaks it. */
class BrokenPubSubsTest {

  /** A broken driver, and the test that must notice it. */
  private record Catch(Class<?> broken, String test) {

    void assertRed(String part) {
      ContractRun.of(broken, part).assertRed(test);
    }
  }

  private static final Map<String, Catch> BROKEN =
      Map.of(
          "Subjects",
          new Catch(OverOneWordForMany.class, "aPatternMatchesWordByWord"),
          "Delivery",
          new Catch(OverSwappedNeighbours.class, "onePublishersHintsOnASubjectArriveInOrder"),
          "SlowSubscribers",
          new Catch(OverSilentLosses.class, "aSlowSubscriberLosesHintsAndIsToldInTheirPlace"),
          "Outages",
          new Catch(OverSilentLosses.class, "everySubscriberIsToldAfterAnOutageAndGetsHintsAgain"));

  static final List<String> PARTS = BROKEN.keySet().stream().sorted().toList();

  @Test
  void thereIsABrokenDriverForEachPart() {
    assertThat(ContractRun.nestedClasses(PubSubContract.class))
        .containsExactlyInAnyOrderElementsOf(PARTS);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void eachPartCatchesItsBrokenDriver(String part) {
    BROKEN.get(part).assertRed(part);
  }

  @Test
  void deliveryCatchesAPublisherThatDoesNotHearItself() {
    ContractRun.of(OverDeafToItself.class, "Delivery")
        .assertRed("everySubscriptionOfEveryReplicaGetsAHintOnce");
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  @Tag("slow")
  void eachPartIsGreenOverAWrapperThatBreaksNothing(String part) {
    ContractRun.of(OverNothing.class, part).assertGreen();
  }

  @Test
  void slowSubscribersCatchesALossThatIsToldTooLate() {
    ContractRun.of(OverLateLosses.class, "SlowSubscribers")
        .assertRed("aSlowSubscriberLosesHintsAndIsToldInTheirPlace");
  }

  private abstract static class Broken extends EmbeddedPubSubTest {
    private final UnaryOperator<PubSub> breaking;

    Broken(UnaryOperator<PubSub> breaking) {
      this.breaking = breaking;
    }

    @Override
    protected PubSub start() {
      return breaking.apply(super.start());
    }

    /** A broken driver is not worth waiting for. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  static class OverNothing extends Broken {
    OverNothing() {
      super(hints -> new ForwardingPubSub(hints) {});
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(10);
    }
  }

  static class OverOneWordForMany extends Broken {
    OverOneWordForMany() {
      super(
          hints ->
              new ForwardingPubSub(hints) {
                @Override
                public Subscription subscribe(String pattern, Subscriber subscriber) {
                  return hints.subscribe(
                      pattern.endsWith("*") ? pattern.replaceAll("\\*$", ">") : pattern,
                      subscriber);
                }
              });
    }
  }

  /** Each hint comes after the next one. */
  static class OverSwappedNeighbours extends Broken {
    OverSwappedNeighbours() {
      super(
          hints ->
              new ForwardingPubSub(hints) {
                private final AtomicReference<Hint> kept = new AtomicReference<>();

                @Override
                public void publish(String subject, String text) {
                  Hint before = kept.getAndSet(null);
                  if (before == null && text.matches(".*-[02468]")) {
                    kept.set(new Hint(subject, text));
                    return;
                  }
                  hints.publish(subject, text);
                  if (before != null) {
                    hints.publish(before.subject(), before.text());
                  }
                }
              });
    }
  }

  static class OverDeafToItself extends Broken {
    OverDeafToItself() {
      super(
          hints ->
              new ForwardingPubSub(hints) {
                @Override
                public void publish(String subject, String text) {}
              });
    }
  }

  /** Tells of each loss by a thread of its own, some time later. */
  static class OverLateLosses extends Broken {
    OverLateLosses() {
      super(
          hints ->
              new ForwardingPubSub(hints) {
                @Override
                public Subscription subscribe(String pattern, Subscriber subscriber) {
                  return hints.subscribe(
                      pattern,
                      new Subscriber() {
                        @Override
                        public void hint(Hint hint) {
                          subscriber.hint(hint);
                        }

                        @Override
                        public void missed() {
                          CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
                              .execute(subscriber::missed);
                        }
                      });
                }
              });
    }
  }

  static class OverSilentLosses extends Broken {
    OverSilentLosses() {
      super(
          hints ->
              new ForwardingPubSub(hints) {
                @Override
                public Subscription subscribe(String pattern, Subscriber subscriber) {
                  return hints.subscribe(
                      pattern,
                      new Subscriber() {
                        @Override
                        public void hint(Hint hint) {
                          subscriber.hint(hint);
                        }

                        @Override
                        public void missed() {}
                      });
                }
              });
    }
  }
}
