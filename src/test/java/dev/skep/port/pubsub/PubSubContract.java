package dev.skep.port.pubsub;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.never;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skep.port.pubsub.PubSub.Hint;
import dev.skep.port.pubsub.PubSub.Subscriber;
import dev.skep.port.pubsub.PubSub.Subscription;
import dev.skep.testkit.tier.Essential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link PubSub} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class PubSubContract {

  private static final Duration PROMPT = Duration.ofMillis(250);

  /** What a machine that is busy with other things may add to a bound. */
  private static final Duration NOISE = Duration.ofSeconds(1);

  private final List<Subscription> subscriptions = new ArrayList<>();
  private PubSub hints;

  /** Opens it. */
  protected abstract PubSub start() throws Exception;

  protected abstract void stop() throws Exception;

  /** Another replica's; the same object where a driver serves one process only. */
  protected PubSub otherReplica() {
    return hints;
  }

  /** How many hints may wait for a subscriber, as it was started; at least 50. */
  protected abstract int capacity();

  /** How long a hint or the news of a loss may take at most. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** Takes the target away, or gives it back, without a restart of the replica. */
  protected abstract void setDown(boolean down) throws Exception;

  @BeforeEach
  void open() throws Exception {
    hints = start();
  }

  @AfterEach
  void close() throws Exception {
    subscriptions.forEach(Subscription::close);
    stop();
  }

  private Listener listen(PubSub at, String pattern) {
    return listen(at, pattern, new Listener(patience()));
  }

  private <T extends Subscriber> T listen(PubSub at, String pattern, T subscriber) {
    subscriptions.add(at.subscribe(pattern, subscriber));
    return subscriber;
  }

  @Nested
  protected class Subjects {

    @ParameterizedTest
    @CsvSource({
      "a.b, a.b, true",
      "a.b, a.c, false",
      "a.b, a, false",
      "a.b, a.b.c, false",
      "a.b, a.bc, false",
      "a.*, a.b, true",
      "a.*, a, false",
      "a.*, a.b.c, false",
      "*.b, a.b, true",
      "*.b, a.c, false",
      "*, a, true",
      "*, a.b, false",
      "a.>, a.b, true",
      "a.>, a.b.c.d, true",
      "a.>, a, false",
      "a.>, b.a, false",
      "*.x.>, a.x.b, true",
      ">, a, true",
      ">, a.b, true"
    })
    void aPatternMatchesWordByWord(String pattern, String subject, boolean matches) {
      Listener listener = listen(hints, pattern);
      Listener all = listen(hints, ">");

      hints.publish(subject, "wanted?");
      hints.publish("end.of.it", "end");
      all.awaitText("end");
      if (matches) {
        listener.awaitText("wanted?");
      } else {
        never("it matches", Duration.ofMillis(50), () -> listener.texts().contains("wanted?"));
      }
    }

    @Test
    void aSubjectMayHaveSixteenWordsAnd200Characters() {
      String long200 = "a0_-".repeat(50);
      String words16 = String.join(".", IntStream.range(0, 16).mapToObj(i -> "w" + i).toList());
      Listener listener = listen(otherReplica(), ">");

      hints.publish(long200, "long");
      hints.publish(words16, "words");

      listener.awaitText("words");
      assertThat(listener.calls())
          .containsExactly(new Hint(long200, "long"), new Hint(words16, "words"));
    }

    static Stream<String> noSubjects() {
      return Stream.of(
          "",
          ".",
          "a.",
          ".a",
          "a..b",
          "A",
          "a b",
          "ä",
          "a/b",
          "a\n",
          "a\r\nPING",
          "a$",
          "x".repeat(201),
          String.join(".", "abcdefghijklmnopq".split("")));
    }

    @ParameterizedTest
    @MethodSource("noSubjects")
    void aSubjectThatIsNoneIsRefused(String subject) {
      assertThatIllegalArgumentException().isThrownBy(() -> hints.publish(subject, "text"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> hints.subscribe(subject, new Listener(patience())));
    }

    @ParameterizedTest
    @MethodSource("wildcards")
    void nothingIsPublishedToAPattern(String pattern) {
      assertThatIllegalArgumentException().isThrownBy(() -> hints.publish(pattern, "text"));
    }

    static Stream<String> wildcards() {
      return Stream.of("*", ">", "a.*", "a.>", "*.b");
    }

    @ParameterizedTest
    @MethodSource("noPatterns")
    void aPatternThatIsNoneIsRefused(String pattern) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> hints.subscribe(pattern, new Listener(patience())));
    }

    static Stream<String> noPatterns() {
      return Stream.of(">.a", "a.>.b", "a*", "*a.b", "a.b>", "**", ">>", "a.*.");
    }

    @Test
    @Essential
    void aTextOfAnyUnicodeUpTo8KiBComesAsItWas() {
      Listener listener = listen(otherReplica(), "a");
      List<String> texts = List.of("", "ä\0€😀\r\n", "x".repeat(8192), "€".repeat(2730));

      texts.forEach(text -> hints.publish("a", text));

      eventually("all come", NOISE.multipliedBy(10), () -> listener.calls().size() == texts.size());
      assertThat(listener.texts()).isEqualTo(texts);
    }

    @Test
    void aLongerTextOrNoUnicodeIsRefused() {
      assertThatIllegalArgumentException().isThrownBy(() -> hints.publish("a", "x".repeat(8193)));
      assertThatIllegalArgumentException().isThrownBy(() -> hints.publish("a", "€".repeat(2731)));
      assertThatIllegalArgumentException().isThrownBy(() -> hints.publish("a", "\ud800"));
    }
  }

  @Nested
  protected class Delivery {

    @Test
    @Essential
    void everySubscriptionOfEveryReplicaGetsAHintOnce() {
      List<Listener> listeners =
          List.of(
              listen(hints, "a.b"),
              listen(hints, "a.b"),
              listen(hints, "a.*"),
              listen(otherReplica(), "a.b"),
              listen(otherReplica(), ">"));

      hints.publish("a.b", "one");
      otherReplica().publish("a.b", "two");

      for (Listener listener : listeners) {
        listener.awaitText("one");
        listener.awaitText("two");
        never("a third", Duration.ofMillis(50), () -> listener.calls().size() > 2);
      }
    }

    @Test
    void whatIsPublishedAfterSubscribeReturnedArrives() {
      for (int i = 0; i < 50; i++) {
        Listener listener = listen(hints, "round.*");
        otherReplica().publish("round." + i, "text " + i);
        listener.awaitText("text " + i);
      }
    }

    @Test
    void onePublishersHintsOnASubjectArriveInOrder() {
      Listener here = listen(hints, "a");
      Listener there = listen(otherReplica(), "a");
      List<String> sent = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < capacity() / 2; i++) {
          sent.add(round + "-" + i);
          hints.publish("a", sent.getLast());
        }
        here.awaitText(sent.getLast());
        there.awaitText(sent.getLast());
      }
      assertThat(here.texts()).isEqualTo(sent);
      assertThat(there.texts()).isEqualTo(sent);
    }

    @Test
    void aSubscriberIsCalledOnAVirtualThreadOnceAtATime() throws Exception {
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      AtomicBoolean virtual = new AtomicBoolean(true);
      CompletableFuture<Void> last = new CompletableFuture<>();
      listen(
          hints,
          "a.>",
          onHint(
              hint -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                virtual.compareAndSet(true, Thread.currentThread().isVirtual());
                pause(Duration.ofMillis(2));
                running.decrementAndGet();
                if (hint.text().equals("last")) {
                  last.complete(null);
                }
              }));
      for (int i = 0; i < capacity() / 2; i++) {
        (i % 2 == 0 ? hints : otherReplica()).publish("a." + i, "text");
      }
      hints.publish("a.z", "last");
      last.get(patience().toMillis(), TimeUnit.MILLISECONDS);

      assertThat(most).hasValue(1);
      assertThat(virtual).isTrue();
    }

    @Test
    void whatASubscriberThrowsEndsNothing() {
      Listener other = listen(hints, "a");
      Listener throwing =
          listen(
              hints,
              "a",
              new Listener(patience()) {
                @Override
                public void hint(Hint hint) {
                  super.hint(hint);
                  throw new AssertionError("thrown by the test's subscriber");
                }
              });

      hints.publish("a", "one");
      hints.publish("a", "two");

      throwing.awaitText("two");
      other.awaitText("two");
    }

    @Test
    void afterCloseTheSubscriberIsNotCalledAgain() {
      for (int round = 0; round < 20; round++) {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Subscription subscription =
            hints.subscribe(
                "a",
                onHint(
                    hint -> {
                      Thread.yield();
                      if (closed.get()) {
                        late.incrementAndGet();
                      }
                    }));
        for (int i = 0; i < 10; i++) {
          hints.publish("a", "text");
        }
        subscription.close();
        closed.set(true);
        hints.publish("a", "late");
        subscription.close();
        never("called", Duration.ofMillis(5), () -> late.get() > 0);
      }
    }

    @Test
    void aSubscriberMayPublishSubscribeAndCloseItsOwnSubscription() throws Exception {
      Listener echo = listen(hints, "echo");
      CompletableFuture<Subscription> self = new CompletableFuture<>();
      CompletableFuture<Void> done = new CompletableFuture<>();
      AtomicInteger calls = new AtomicInteger();
      self.complete(
          hints.subscribe(
              "a",
              onHint(
                  hint -> {
                    calls.incrementAndGet();
                    hints.publish("echo", hint.text());
                    hints.subscribe("b", new Listener(patience())).close();
                    self.join().close();
                    done.complete(null);
                  })));

      hints.publish("a", "one");
      done.get(patience().toMillis(), TimeUnit.MILLISECONDS);
      hints.publish("a", "two");

      echo.awaitText("one");
      never("called again", Duration.ofMillis(50), () -> calls.get() > 1);
    }
  }

  @Nested
  protected class SlowSubscribers {

    @Test
    @Essential
    void aSlowSubscriberLosesHintsAndIsToldInTheirPlace() {
      Listener slow = listen(hints, "a");
      Listener fast = listen(hints, "b");
      slow.hold();
      hints.publish("a", "held");
      slow.awaitText("held");
      for (int i = 0; i < capacity() * 3; i++) {
        hints.publish("a", "flood " + i);
        if (i % (capacity() / 2) == 0) {
          hints.publish("b", "beside " + i);
          fast.awaitText("beside " + i);
        }
      }
      hints.publish("b", "the flood is over");
      fast.awaitText("the flood is over");

      slow.letGo();
      // Not only when the loss was told, or its place could not be wrong.
      for (int i = 0; slow.texts().stream().noneMatch(text -> text.startsWith("after")); i++) {
        assertThat(i).as("published after the flood, none came").isLessThan(3_000);
        hints.publish("a", "after " + i);
        pause(Duration.ofMillis(5));
      }
      slow.awaitLoss(1);

      assertThat(slow.texts().stream().filter(text -> text.startsWith("flood")))
          .hasSizeLessThan(capacity() * 2);
      assertThat(slow.calls().stream().takeWhile(call -> !call.text().startsWith("after")))
          .as("the loss is told before what was published after it")
          .contains(Listener.MISSED);
      assertThat(fast.losses()).isZero();
    }

    @Test
    void aSlowSubscriberDelaysNoPublisher() {
      Listener slow = listen(hints, "a");
      slow.hold();
      long began = System.nanoTime();
      for (int i = 0; i < capacity() * 2; i++) {
        hints.publish("a", "text");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      slow.letGo();

      assertThat(took).isLessThan(PROMPT.plus(NOISE));
    }

    @Test
    void whoKeepsUpIsNeverToldOfALoss() {
      Listener listener = listen(hints, "a");
      for (int i = 0; i < 10; i++) {
        for (int n = 0; n < capacity() / 2; n++) {
          hints.publish("a", i + "-" + n);
        }
        listener.awaitText(i + "-" + (capacity() / 2 - 1));
      }
      assertThat(listener.losses()).isZero();
    }
  }

  @Nested
  protected class Outages {

    @Test
    void publishNeitherFailsNorWaitsWhileTheTargetIsDown() throws Exception {
      setDown(true);
      try {
        for (int i = 0; i < 20; i++) {
          assertPrompt(() -> hints.publish("a", "x".repeat(8192)));
        }
        long began = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
          hints.publish("a", "x".repeat(100));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThatIllegalArgumentException().isThrownBy(() -> hints.publish("A", "text"));
      } finally {
        setDown(false);
      }
    }

    @Test
    @Essential
    void everySubscriberIsToldAfterAnOutageAndGetsHintsAgain() throws Exception {
      Listener here = listen(hints, "a");
      Listener there = listen(otherReplica(), "a");
      setDown(true);
      hints.publish("a", "perhaps lost");
      setDown(false);

      for (Listener listener : List.of(here, there)) {
        listener.awaitLoss(1);
      }
      hints.publish("a", "after");
      here.awaitText("after");
      there.awaitText("after");
    }

    @Test
    void aSubscriptionMadeInAnOutageIsInForceAfterIt() throws Exception {
      setDown(true);
      long began = System.nanoTime();
      Listener listener = listen(hints, "a");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      setDown(false);

      listener.awaitLoss(1);
      otherReplica().publish("a", "after");
      listener.awaitText("after");
    }

    @Test
    void aSubscriptionClosedInAnOutageStaysClosed() throws Exception {
      Listener closed = new Listener(patience());
      Subscription subscription = hints.subscribe("a", closed);
      Listener other = listen(hints, "a");
      setDown(true);
      subscription.close();
      int before = closed.calls().size();
      setDown(false);

      other.awaitLoss(1);
      hints.publish("a", "after");
      other.awaitText("after");
      assertThat(closed.calls()).hasSize(before);
    }

    private static void assertPrompt(Runnable call) {
      long began = System.nanoTime();
      call.run();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPT.plus(NOISE));
    }
  }

  private static Subscriber onHint(Consumer<Hint> action) {
    return new Subscriber() {
      @Override
      public void hint(Hint hint) {
        action.accept(hint);
      }

      @Override
      public void missed() {}
    };
  }
}
