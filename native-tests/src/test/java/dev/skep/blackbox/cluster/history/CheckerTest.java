package dev.skep.blackbox.cluster.history;

import static dev.skep.blackbox.cluster.history.Outcome.DONE;
import static dev.skep.blackbox.cluster.history.Outcome.REFUSED;
import static dev.skep.blackbox.cluster.history.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Purge;
import dev.skep.blackbox.cluster.history.Operation.Read;
import dev.skep.blackbox.cluster.history.Operation.Surprise;
import dev.skep.blackbox.cluster.history.Operation.Use;
import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A checker that cannot turn red proves nothing: each kind of damage, made up, is found. */
final class CheckerTest {

  private static final String FILE = "content c0-1";

  @Nested
  final class OfRegisters {

    @Test
    void theLastAcknowledgedValueIsRight() {
      assertThat(atTheEnd("b", write("a", 1, DONE), write("b", 3, DONE))).isEmpty();
    }

    @Test
    void aLostWriteIsFound() {
      assertThat(atTheEnd("a", write("a", 1, DONE), write("b", 3, DONE)))
          .singleElement()
          .asString()
          .startsWith("Registers: content c0-1 is a at the end");
    }

    @Test
    void aWriteOfUnknownOutcomeMayOrMayNotBeThere() {
      Write[] writes = {write("a", 1, DONE), write("b", 3, UNKNOWN)};
      assertThat(atTheEnd("a", writes)).isEmpty();
      assertThat(atTheEnd("b", writes)).isEmpty();
    }

    @Test
    void aWriteOfUnknownOutcomeDoesNotComeAfterAnAcknowledgedOneThatBreaksItsCondition() {
      assertThat(atTheEnd("a", write("a", 1, UNKNOWN), write("b", 3, DONE))).hasSize(1);
    }

    @Test
    void aLateWriteMayComeAfterAnAcknowledgedOne() {
      assertThat(atTheEnd("a", late("a", 1, UNKNOWN), write("b", 3, DONE))).isEmpty();
      assertThat(atTheEnd("a", late("a", 1, DONE), write("b", 3, DONE))).isEmpty();
    }

    @Test
    void aRefusedWriteThatIsThereIsFound() {
      assertThat(atTheEnd("b", write("a", 1, DONE), write("b", 3, REFUSED))).hasSize(1);
    }

    @Test
    void aValueThatNobodyWroteIsFound() {
      assertThat(atTheEnd("x", write("a", 1, DONE))).hasSize(1);
    }

    @Test
    void whatWasAcknowledgedAndCannotBeReadIsFound() {
      assertThat(Checker.violations(History.of(write("a", 1, DONE)), new Found()))
          .singleElement()
          .asString()
          .contains("could not be read");
    }

    @Test
    void whatWasPurgedMustBeGone() {
      Write purge = write(Operation.NOTHING, 5, DONE);
      assertThat(atTheEnd(Operation.NOTHING, write("a", 1, DONE), purge)).isEmpty();
      assertThat(atTheEnd("a", write("a", 1, DONE), purge)).hasSize(1);
    }

    @Test
    void aStaleReadIsFound() {
      assertThat(whileRunning(read("a", 5, 6), write("a", 1, DONE), write("b", 3, DONE)))
          .singleElement()
          .asString()
          .contains("none of the values");
    }

    @Test
    void aReadBesideAWriteMaySeeEither() {
      Write[] writes = {write("a", 1, DONE), new Write(span(3, 9), FILE, "b", DONE, false)};
      assertThat(whileRunning(read("a", 5, 6), writes)).isEmpty();
      assertThat(whileRunning(read("b", 5, 6), writes)).isEmpty();
    }

    @Test
    void aReadOfAValueThatIsWrittenLaterIsFound() {
      assertThat(whileRunning(read("b", 1, 2), write("a", 0, DONE), write("b", 3, DONE)))
          .hasSize(1);
    }

    @Test
    void aReadThatGoesBackIsFound() {
      History history =
          History.of(
              write("a", 1, DONE),
              new Write(span(3, 20), FILE, "b", DONE, false),
              read("b", 5, 6),
              read("a", 7, 8));
      assertThat(Checker.violations(history, holding("b")))
          .singleElement()
          .asString()
          .contains("is older than");
    }

    @Test
    void aReadOfSomethingThatMayBeSeveralIsRightIfOneIs() {
      Read gone = new Read(span(5, 6), FILE, Set.of(Operation.NOTHING, "trash"));
      assertThat(whileRunning(gone, write("a", 1, DONE), write("trash", 3, DONE))).isEmpty();
      assertThat(whileRunning(gone, write("trash", 1, DONE), write("a", 3, DONE))).hasSize(1);
    }

    private List<String> atTheEnd(String value, Write... writes) {
      return Checker.violations(History.of(writes), holding(value));
    }

    private List<String> whileRunning(Read read, Write... writes) {
      History history = History.of(writes);
      history.add(read);
      return Checker.violations(history, holding(writes[writes.length - 1].value()));
    }

    private Found holding(String value) {
      Found found = new Found();
      found.register(FILE, value);
      return found;
    }
  }

  @Nested
  final class OfVersions {

    @Test
    void eachAcknowledgedContentIsThereOnceAndInOrder() {
      assertThat(versions(List.of("a", "b"), write("a", 1, DONE), write("b", 3, DONE))).isEmpty();
    }

    @Test
    void aLostWriteIsFoundThoughAnotherCameAfterIt() {
      assertThat(versions(List.of("b"), write("a", 1, DONE), write("b", 3, DONE))).hasSize(1);
    }

    @Test
    void aRefusedWriteThatWasReplacedIsFound() {
      assertThat(versions(List.of("a", "b"), write("a", 1, REFUSED), write("b", 3, DONE)))
          .hasSize(1);
    }

    @Test
    void aSecondEffectIsFound() {
      assertThat(versions(List.of("a", "b", "a"), write("a", 1, DONE), write("b", 3, DONE)))
          .isNotEmpty();
      assertThat(versions(List.of("a", "b", "a"), late("a", 1, DONE), write("b", 3, DONE)))
          .isEmpty();
    }

    @Test
    void anotherOrderIsFound() {
      assertThat(versions(List.of("b", "a"), write("a", 1, DONE), write("b", 3, DONE))).hasSize(1);
    }

    @Test
    void whatNobodyWroteIsFound() {
      assertThat(versions(List.of("x", "a"), write("a", 1, DONE))).hasSize(1);
    }

    private List<String> versions(List<String> digests, Write... writes) {
      Found found = new Found();
      found.versions.put(FILE, digests);
      found.register(FILE, digests.getLast());
      return Checker.violations(History.of(writes), found).stream()
          .filter(violation -> violation.startsWith("Versions"))
          .toList();
    }
  }

  @Nested
  final class OfWhatIsMade {

    @Test
    void itIsThereOnce() {
      assertThat(made(make(DONE, ""), 1)).isEmpty();
      assertThat(made(make(UNKNOWN, ""), 0)).isEmpty();
      assertThat(made(make(UNKNOWN, ""), 1)).isEmpty();
      assertThat(made(make(REFUSED, ""), 0)).isEmpty();
    }

    @Test
    void lostDoubledOrRefusedAndThereIsFound() {
      assertThat(made(make(DONE, ""), 0)).hasSize(1);
      assertThat(made(make(DONE, ""), 2)).hasSize(1);
      assertThat(made(make(UNKNOWN, ""), 2)).hasSize(1);
      assertThat(made(make(REFUSED, ""), 1)).hasSize(1);
    }

    @Test
    void aUserThatIsLostIsFound() {
      History history = History.of(make(DONE, ""));
      assertThat(Checker.violations(history, new Found())).hasSize(1);
      Found found = new Found();
      found.users.add("made-1");
      assertThat(Checker.violations(history, found)).isEmpty();
    }

    @Test
    void aPurgeTakesAllThatIsInIt() {
      Purge purge = new Purge(span(5, 6), "doomed-1", DONE);
      assertThat(made(make(DONE, "doomed-1"), 0, purge)).isEmpty();
      assertThat(made(make(DONE, "doomed-1"), 1, purge)).hasSize(1);
      assertThat(made(make(DONE, "doomed-2"), 0, purge)).hasSize(1);
    }

    @Test
    void aPurgeThatWasRefusedTakesNothing() {
      Purge purge = new Purge(span(5, 6), "doomed-1", REFUSED);
      assertThat(made(make(DONE, "doomed-1"), 0, purge)).hasSize(1);
    }

    @Test
    void makingInWhatIsPurgedIsFound() {
      Purge purge = new Purge(span(0, 0), "doomed-1", DONE);
      assertThat(made(make(DONE, "doomed-1"), 0, purge)).hasSize(1);
    }

    @Test
    void anotherContentThanTheAnswerToldIsFound() {
      Make make = new Make(span(1, 2), "made-1", "", "digest", DONE);
      assertThat(made(make, 1)).hasSize(1);
    }

    private Make make(Outcome outcome, String inside) {
      return new Make(span(1, 2), "made-1", inside, "", outcome);
    }

    private List<String> made(Make make, int times, Purge... purges) {
      History history = History.of(purges);
      history.add(make);
      Found found = whole();
      for (int i = 0; i < times; i++) {
        found.nodes.add(folder("n" + i, "root"));
      }
      return Checker.violations(history, found).stream()
          .filter(violation -> violation.startsWith("MadeOnce"))
          .toList();
    }

    private Found.Node folder(String id, String parent) {
      return new Found.Node(id, "w", parent, "made-1", false, "", "");
    }
  }

  @Nested
  final class OfQuotas {

    @Test
    void upToTheLastByteIsRight() {
      assertThat(quotas(100, 100, 100)).isEmpty();
      assertThat(quotas(-1, 100, 100)).isEmpty();
    }

    @Test
    void aByteOverTheQuotaIsFound() {
      assertThat(quotas(100, 101, 101)).hasSize(1);
    }

    @Test
    void aByteThatIsNotCountedIsFound() {
      assertThat(quotas(100, 99, 100)).hasSize(1);
      assertThat(quotas(100, 100, 99)).hasSize(1);
    }

    @Test
    void aByteOverTheQuotaForAMomentIsFound() {
      History history = History.of(new Use(span(1, 2), "edge", 101, 100));
      assertThat(Checker.violations(history, new Found())).hasSize(1);
      history = History.of(new Use(span(1, 2), "edge", 100, 100));
      assertThat(Checker.violations(history, new Found())).isEmpty();
    }

    private List<String> quotas(long quota, long used, long stored) {
      Found found = new Found();
      found.workspaces.add(new Found.Workspace("w", "root", "trash", 0, quota, used, stored));
      return Checker.violations(new History(), found);
    }
  }

  @Nested
  final class OfTheTree {

    @Test
    void aWholeTreeIsRight() {
      assertThat(tree(folder("a", "root"), folder("b", "a"), folder("c", "trash"))).isEmpty();
    }

    @Test
    void aCycleIsFound() {
      assertThat(tree(folder("a", "b"), folder("b", "a")))
          .hasSize(2)
          .allSatisfy(violation -> assertThat(violation).startsWith("WholeTree: a cycle"));
    }

    @Test
    void anOrphanIsFound() {
      assertThat(tree(folder("a", "gone")))
          .singleElement()
          .asString()
          .startsWith("WholeTree: an orphan");
      assertThat(tree(new Found.Node("a", "gone", "root", "a", false, "", "")))
          .singleElement()
          .asString()
          .startsWith("WholeTree: an orphan");
    }

    @Test
    void aNodeInAFileIsFound() {
      Found.Node file = new Found.Node("f", "w", "root", "f", true, "", "");
      assertThat(tree(file, folder("a", "f"))).hasSize(1);
    }

    @Test
    void aNameThatIsThereTwiceIsFound() {
      Found.Node twin = new Found.Node("b", "w", "root", "a", false, "", "");
      assertThat(tree(folder("a", "root"), twin)).hasSize(1);
    }

    @Test
    void aWalkThatMeetsTooLittleOrTooMuchIsFound() {
      assertThat(walk(List.of("a", "b"), "a", "b")).isEmpty();
      assertThat(walk(List.of("a"), "a", "b")).hasSize(1);
      assertThat(walk(List.of("a", "b", "b"), "a", "b")).hasSize(1);
      assertThat(walk(List.of("a", "b"), "a")).hasSize(1);
    }

    private List<String> tree(Found.Node... nodes) {
      Found found = whole();
      found.nodes.addAll(List.of(nodes));
      return Checker.violations(new History(), found).stream()
          .filter(violation -> violation.startsWith("WholeTree"))
          .toList();
    }

    private List<String> walk(List<String> walked, String... live) {
      Found found = new Found();
      found.walked.addAll(walked);
      found.live.addAll(List.of(live));
      return Checker.violations(new History(), found);
    }

    private Found.Node folder(String id, String parent) {
      return new Found.Node(id, "w", parent, id, false, "", "");
    }
  }

  @Nested
  final class OfTheOutbox {

    @Test
    void fromOneToTheSeqIsRight() {
      assertThat(outbox(3, 1, 2, 3)).isEmpty();
      assertThat(outbox(0)).isEmpty();
    }

    @Test
    void aGapIsFound() {
      assertThat(outbox(3, 1, 3)).singleElement().asString().contains("gaps [2]");
      assertThat(outbox(3, 2, 3)).hasSize(1);
      assertThat(outbox(3, 1, 2)).hasSize(1);
      assertThat(outbox(3)).hasSize(1);
    }

    @Test
    void aRowAheadOfTheSeqIsFound() {
      assertThat(outbox(3, 1, 2, 3, 4)).hasSize(1);
    }

    @Test
    void whatItSaysOfANodeIsWhatTheNodeIs() {
      assertThat(told("state", "state")).isEmpty();
      assertThat(told("state", "an older state")).hasSize(1);
      assertThat(told("state", "")).hasSize(1);
      assertThat(told("state", null)).hasSize(1);
      assertThat(told(null, "state")).hasSize(1);
      assertThat(told(null, "")).isEmpty();
    }

    private List<String> told(String is, String told) {
      Found found = whole();
      if (is != null) {
        found.nodes.add(new Found.Node("a", "w", "root", "a", false, "", is));
      }
      if (told != null) {
        found.told.put("a", new Found.Told("a", 1, told));
      }
      return Checker.violations(new History(), found);
    }

    private List<String> outbox(long seq, long... rows) {
      Found found = new Found();
      found.workspaces.add(new Found.Workspace("w", "root", "trash", seq, -1, 0, 0));
      for (long row : rows) {
        found.outbox("w", row);
      }
      return Checker.violations(new History(), found);
    }
  }

  @Test
  void aSurpriseIsFound() {
    History history = History.of(new Surprise(span(1, 2), "500"));
    assertThat(Checker.violations(history, new Found())).hasSize(1);
  }

  @Test
  void damagedBytesAreFound() {
    Found found = new Found();
    found.damages.add("the blob x is not there");
    assertThat(Checker.violations(new History(), found)).hasSize(1);
  }

  @Test
  void nothingAtAllIsRight() {
    assertThat(Checker.violations(new History(), whole())).isEmpty();
  }

  /** An empty workspace. */
  private static Found whole() {
    Found found = new Found();
    found.workspaces.add(new Found.Workspace("w", "root", "trash", 0, -1, 0, 0));
    found.nodes.add(new Found.Node("root", "w", "w", "", false, "", ""));
    found.nodes.add(new Found.Node("trash", "w", "w", ".trash", false, "", ""));
    return found;
  }

  private static Write write(String value, long began, Outcome outcome) {
    return new Write(span(began, began + 1), FILE, value, outcome, false);
  }

  private static Write late(String value, long began, Outcome outcome) {
    return new Write(span(began, began + 1), FILE, value, outcome, true);
  }

  private static Read read(String value, long began, long ended) {
    return new Read(span(began, ended), FILE, value);
  }

  private static Span span(long began, long ended) {
    return new Span(0, began, ended);
  }

  @Test
  void anErrorInALogAndAReplicaThatEndedByItselfAreFound() {
    String output =
        """
        {"level":"INFO","message":"ready"}
        {"level":"ERROR","loggerName":"io.vertx","message":"Client is closed"}
        java.lang.OutOfMemoryError: Java heap space
        """;

    assertThat(Logs.errors(output)).hasSize(2);
    assertThat(Logs.violations(List.of(), 1)).hasSize(1);
    assertThat(Logs.violations(List.of(), 0)).isEmpty();
  }
}
