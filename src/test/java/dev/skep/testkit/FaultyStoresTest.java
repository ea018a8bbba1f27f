package dev.skep.testkit;

import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.embedded.EmbeddedConfigStore;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.port.objects.embedded.EmbeddedObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectsConfig;
import dev.skep.testkit.FaultPlan.Fault;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faulty stores have the effect that their exception tells of. */
class FaultyStoresTest {

  private static final Author ANNA = new Author("anna", Instant.EPOCH);

  private record Folder(Path folder, long minFreeSpace) implements EmbeddedObjectsConfig {}

  @TempDir Path temp;
  private EmbeddedObjectStore objects;
  private EmbeddedConfigStore config;

  @BeforeEach
  void open() {
    objects = new EmbeddedObjectStore(new Folder(temp.resolve("objects"), 0));
    config = new EmbeddedConfigStore(() -> temp.resolve("config"));
    objects.open();
    config.open();
  }

  @AfterEach
  void close() {
    objects.close();
    config.close();
  }

  private void put(FaultPlan plan) {
    try (Upload upload = new FaultyObjectStore(objects, plan).create("blob", 3)) {
      upload.write(new byte[3], 0, 3);
      upload.commit();
    }
  }

  @Test
  void aCommitThatFailsBeforeItsEffectLeavesNoBlob() {
    assertUnavailable(() -> put(FaultPlan.nth(3, Fault.BEFORE)));
    assertThat(objects.list("", null, 10)).isEmpty();
  }

  @Test
  void aCommitThatFailsAfterItsEffectLeavesTheBlob() {
    assertThatExceptionOfType(UnknownOutcomeException.class)
        .isThrownBy(() -> put(FaultPlan.nth(3, Fault.AFTER)));
    assertThat(objects.list("", null, 10)).containsExactly("blob");
  }

  @Test
  void callsWithoutEffectAreUnavailableEitherWay() {
    assertUnavailable(() -> put(FaultPlan.nth(1, Fault.AFTER)));
    assertUnavailable(() -> put(FaultPlan.nth(2, Fault.AFTER)));
    FaultyConfigStore faulty = new FaultyConfigStore(config, FaultPlan.nth(1, Fault.AFTER));
    assertUnavailable(() -> faulty.get("key"));
    assertThat(faulty.get("key")).isNull();
  }

  @Test
  void aSettingIsWrittenOrNotAsTold() {
    assertUnavailable(
        () ->
            new FaultyConfigStore(config, FaultPlan.nth(1, Fault.BEFORE))
                .set("key", "value", 0, ANNA));
    assertThat(config.get("key")).isNull();
    assertThatExceptionOfType(UnknownOutcomeException.class)
        .isThrownBy(
            () ->
                new FaultyConfigStore(config, FaultPlan.nth(1, Fault.AFTER))
                    .set("key", "value", 0, ANNA));
    assertThat(config.get("key").value()).isEqualTo("value");
  }

  @Test
  void randomFaultsComeOnBothSidesAndRepeatWithTheirSeed() {
    FaultPlan plan = FaultPlan.random(7, 0.5);
    FaultPlan same = FaultPlan.random(7, 0.5);
    int[] count = new int[Fault.values().length];
    for (int i = 0; i < 1000; i++) {
      Fault fault = plan.next();
      assertThat(same.next()).isEqualTo(fault);
      count[fault.ordinal()]++;
    }
    assertThat(count[Fault.NONE.ordinal()]).isBetween(400, 600);
    assertThat(count[Fault.BEFORE.ordinal()]).isBetween(150, 350);
    assertThat(count[Fault.AFTER.ordinal()]).isBetween(150, 350);
    assertThat(plan.calls()).isEqualTo(1000);
  }
}
