package dev.skep.port.sql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.RealDisk;
import dev.skep.testkit.TinyDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The room that is kept for deleting (P2). */
@Tag("P2")
class ReserveTest {

  private static final int MIB = 1 << 20;

  @TempDir Path temp;

  @Test
  void itTakesRealRoomAndGivesItBack() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 8 * MIB)) {
      long before = tiny.free();
      Reserve reserve = reserve(new RealDisk(), tiny.folder(), 2 * MIB);
      assertThat(reserve.isThere()).isTrue();
      assertThat(before - tiny.free()).isBetween(2L * MIB, 2L * MIB + 65_536);
      assertThat(reserve.giveUp()).isTrue();
      assertThat(tiny.free()).isEqualTo(before);
      assertThat(reserve.giveUp()).as("nothing is left to give up").isFalse();
    }
  }

  @Test
  void itIsMadeAgainOnlyWhereTwoOfItHaveRoom() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 5 * MIB)) {
      Path ballast = tiny.folder().resolve("ballast");
      Files.write(ballast, new byte[2 * MIB]);
      Reserve reserve = reserve(new RealDisk(), tiny.folder(), 2 * MIB);
      assertThat(reserve.isThere()).as("with %d bytes free", tiny.free()).isFalse();
      assertThat(tiny.folder().resolve("reserve")).doesNotExist();
      Files.write(ballast, new byte[MIB]);
      assertThat(reserve.isThere()).as("with %d bytes free", tiny.free()).isTrue();
    }
  }

  @Test
  void itIsKeptOverARestartAndGivenUpWhereTheStoreCouldNotOpenElse() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 5 * MIB)) {
      assertThat(reserve(new RealDisk(), tiny.folder(), 2 * MIB).isThere()).isTrue();
      Reserve again = reserve(new RealDisk(), tiny.folder(), 2 * MIB);
      again.makeRoomToOpen();
      assertThat(again.giveUp()).as("with %d bytes free it was kept", tiny.free()).isTrue();

      assertThat(again.isThere()).isTrue();
      Files.write(tiny.folder().resolve("ballast"), new byte[(int) tiny.free()]);
      assertThat(tiny.free()).isZero();
      reserve(new RealDisk(), tiny.folder(), 2 * MIB).makeRoomToOpen();
      assertThat(tiny.free()).isEqualTo(2L * MIB);
    }
  }

  @Test
  void whatAKilledProcessLeftHalfMadeIsMadeAnew() throws Exception {
    Files.write(temp.resolve("reserve"), new byte[100]);
    Reserve reserve = reserve(new RealDisk(), temp, MIB);
    reserve.makeRoomToOpen();
    assertThat(temp.resolve("reserve")).doesNotExist();
    assertThat(reserve.isThere()).isTrue();
    assertThat(temp.resolve("reserve")).hasSize(MIB);
  }

  @Test
  void aDiskThatFillsUpMeanwhileKeepsNoHalfOfIt() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), MIB)) {
      long before = tiny.free();
      Reserve reserve = reserve(promisingRoom(), tiny.folder(), 2 * MIB);
      assertThat(reserve.isThere()).isFalse();
      assertThat(tiny.free()).isEqualTo(before);
    }
  }

  /** A real disk that says it has room for ever. */
  private static Disk promisingRoom() {
    RealDisk disk = new RealDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              try {
                return method.getName().equals("freeSpace")
                    ? (Object) Long.MAX_VALUE
                    : method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void theRefusalSaysHowMuchMustBeFree() {
    var refusal = reserve(new RealDisk(), temp, 8 * MIB).tooLittleRoom();
    assertThat(refusal.code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(refusal.detail()).contains("until 16777216 bytes are free");
  }

  private static Reserve reserve(Disk disk, Path folder, long bytes) {
    return new Reserve(disk, folder.resolve("reserve"), bytes);
  }
}
