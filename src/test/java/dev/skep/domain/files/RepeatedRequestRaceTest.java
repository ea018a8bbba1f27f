package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.FaultySqlStore;
import dev.skep.testkit.FaultySqlStore.Fault;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One Idempotency-Key in many requests at once has one effect and one answer (P24), on SQLite. */
@Tag("slow")
@Tag("P24")
class RepeatedRequestRaceTest {

  private static final int THREADS = 64;
  private static final int ROUNDS = 5;

  @TempDir Path folder;
  private FaultySqlStore tables;
  private Drive drive;
  private Home anna;
  private UUID root;

  /** A drive on an empty folder. */
  Drive drive(Path empty, UnaryOperator<SqlStore> around) {
    return Drive.open(empty, InstantSource.system(), around, blobs -> blobs);
  }

  @BeforeEach
  void open() {
    drive = drive(folder, store -> tables = new FaultySqlStore(store));
    anna = new Home(drive, Someone.withHome(drive, "anna", -1));
    root = anna.node("/home").id();
  }

  @AfterEach
  void close() {
    drive.close();
  }

  @Test
  void theSameKey64TimesAtOnceMakesOneFolderAndGivesOneAnswer() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "round " + round;
      List<NodeView> answers = Race.of(THREADS, thread -> () -> make(key(name), root, name));
      assertThat(answers).containsOnly(answers.getFirst());
    }
    assertThat(anna.names("/home")).hasSize(ROUNDS);
    new WholeTree(drive, anna.owner()).assertSound();
  }

  @Test
  void theSameKey64TimesAtOnceCopiesAFileOnce() throws Exception {
    UUID file = anna.put("/home/file", "text").id();
    UUID target = anna.folder("/home/target").id();
    Caller once = key("copy");
    List<NodeView> answers =
        Race.of(
            THREADS,
            thread ->
                () -> drive.get(Copies.class).copy(once, file, target, "copy", Precondition.NONE));
    assertThat(answers).containsOnly(answers.getFirst());
    assertThat(anna.names("/home/target")).containsExactly("copy");
    assertThat(Someone.used(drive, anna.owner())).isEqualTo(8);
  }

  /** Each its own body: one is done, the others are told that the key is taken. */
  @Test
  void ofDifferentRequestsUnderOneKeyExactlyOneIsDone() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      UUID parent = anna.folder("/home/of " + round).id();
      String key = "key " + round;
      List<Boolean> done =
          Race.of(
              THREADS,
              thread ->
                  () -> {
                    try {
                      make(key(key, thread), parent, "of " + thread);
                      return true;
                    } catch (SkepException e) {
                      assertThat(e.code())
                          .as(e.detail())
                          .isIn(ErrorCode.KEY_REUSED, ErrorCode.IN_PROGRESS);
                      return false;
                    }
                  });
      assertThat(done).filteredOn(each -> each).hasSize(1);
      assertThat(anna.names("/home/of " + round)).containsExactly("of " + done.indexOf(true));
    }
  }

  /** What a kill after the commit and before the answer is to the client. */
  @Test
  void aRequestWhoseAnswerWasLostAfterTheCommitIsAnsweredWhenItIsRepeated() throws Exception {
    tables.failAtRandom(7, 0.3, Fault.UNKNOWN_AFTER_THE_EFFECT);
    AtomicInteger lost = new AtomicInteger();
    int keys = THREADS / 4;
    List<NodeView> answers =
        Race.of(
            THREADS,
            thread -> {
              String name = "key " + thread % keys;
              return () -> untilAnswered(() -> make(key(name), root, name), lost);
            });
    tables.heal();

    System.out.println("P24: " + lost + " answers lost after their commit, " + keys + " keys");
    assertThat(lost).hasPositiveValue();
    Set<String> names = new TreeSet<>();
    for (int thread = 0; thread < THREADS; thread++) {
      assertThat(answers.get(thread)).isEqualTo(answers.get(thread % keys));
      names.add("key " + thread % keys);
    }
    assertThat(anna.names("/home")).containsExactlyInAnyOrderElementsOf(names);
    new WholeTree(drive, anna.owner()).assertSound();
  }

  private static NodeView untilAnswered(Supplier<NodeView> request, AtomicInteger lost) {
    while (true) {
      try {
        return request.get();
      } catch (UnknownOutcomeException e) {
        lost.incrementAndGet();
      }
    }
  }

  private NodeView make(Caller caller, UUID parent, String name) {
    return drive.get(Folders.class).make(caller, parent, name);
  }

  private Caller key(String key) {
    return key(key, 0);
  }

  /** The key with the digest of a request. */
  private Caller key(String key, int request) {
    byte[] digest = new byte[32];
    digest[0] = (byte) request;
    return anna.owner().with(new Caller.RequestKey(key, digest));
  }
}
