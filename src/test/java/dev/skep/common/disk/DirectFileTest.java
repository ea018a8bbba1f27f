package dev.skep.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long files of {@link RealDisk}; on a file system without O_DIRECT the common ones are tested. */
class DirectFileTest {

  private static final int PIECE = 512 * 1024;

  @TempDir Path temp;
  private final RealDisk disk = new RealDisk();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4095, 4096, 4097, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 77})
  void whatWasWrittenIsReadWhereverPiecesAndBlocksEnd(int size) throws Exception {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path file = temp.resolve("file");
    try (WritableFile out = disk.createLarge(file)) {
      for (int at = 0, step = 1; at < size; at += step, step = Math.min(step * 3 + 1, 200_000)) {
        out.write(ByteBuffer.wrap(content, at, Math.min(step, size - at)));
      }
      out.force();
    }
    assertThat(Arrays.equals(Files.readAllBytes(file), content)).as("the same content").isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void moreAtOnceThanMemoryIsGivenForAreWrittenTheCommonWay() throws Exception {
    List<WritableFile> files = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        files.add(disk.createLarge(temp.resolve("file" + i)));
      }
      for (WritableFile file : files) {
        file.write(ByteBuffer.wrap(new byte[5000]));
        file.force();
      }
    } finally {
      for (WritableFile file : files) {
        file.close();
      }
    }
    for (int i = 0; i < 40; i++) {
      assertThat(temp.resolve("file" + i)).hasSize(5000);
    }
    WritableFile again = DirectFile.tryCreate(temp.resolve("again"), RealDisk.OWNER_ONLY_FILE);
    WritableFile common = disk.createLarge(temp.resolve("common"));
    common.close();
    if (again != null) {
      again.close();
      again.close();
    }
    assertThat(again == null).as("room came back, where there was any").isEqualTo(!isDirectHere());
  }

  private boolean isDirectHere() throws IOException {
    try (WritableFile probe =
        DirectFile.tryCreate(temp.resolve("probe"), RealDisk.OWNER_ONLY_FILE)) {
      return probe != null;
    }
  }

  @Test
  void aFileThatIsThereIsLeftAlone() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "mine");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> disk.createLarge(file).close());
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFullDiskIsToldAndTheFileGivenUp() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 4L << 20);
        WritableFile out = disk.createLarge(tiny.folder().resolve("file"))) {
      byte[] much = new byte[PIECE];
      assertThatExceptionOfType(DiskFull.class)
          .isThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  out.write(ByteBuffer.wrap(much));
                }
                out.force();
              });
      assertThatThrownBy(out::force).isInstanceOf(IOException.class);
    }
  }
}
