package dev.skep.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seam on the real file system; its forces are seen through the JVM's flight recorder. */
class RealDiskTest {

  @TempDir Path temp;
  private final RealDisk disk = new RealDisk();

  private interface Action {
    void run() throws Exception;
  }

  private List<String> forcesOf(Action action) throws Exception {
    Path file = temp.resolve("forces.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .map(event -> event.getString("path"))
        .filter(path -> path.startsWith(temp.toString()))
        .toList();
  }

  private void write(Path file, String text) throws IOException {
    try (WritableFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void forceReachesTheFile() throws Exception {
    Path file = temp.resolve("file");
    assertThat(
            forcesOf(
                () -> {
                  try (WritableFile out = disk.create(file)) {
                    out.write(ByteBuffer.wrap(new byte[10]));
                    out.force();
                  }
                }))
        .containsExactly(file.toString());
  }

  @Test
  void forceFolderReachesTheFolder() throws Exception {
    assertThat(forcesOf(() -> disk.forceFolder(temp))).containsExactly(temp.toString());
  }

  @Test
  void newFoldersAreForcedIntoTheirParentsFromTheTop() throws Exception {
    Path a = temp.resolve("a");
    assertThat(forcesOf(() -> disk.createFolders(a.resolve("b/c"))))
        .endsWith(temp.toString(), a.toString(), a.resolve("b").toString());
    assertThat(a.resolve("b/c")).isDirectory();
  }

  @Test
  void aFolderThatIsThereIsForcedToo() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("a"));
    assertThat(forcesOf(() -> disk.createFolders(folder))).containsExactly(temp.toString());
  }

  @Test
  void anInterruptedThreadForcesAFolderAndStaysInterrupted() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    assertThat(
            forcesOf(
                () -> {
                  Thread.currentThread().interrupt();
                  disk.forceFolder(temp);
                  interrupted.set(Thread.interrupted());
                }))
        .containsExactly(temp.toString());
    assertThat(interrupted).isTrue();
  }

  @Test
  void anExistingFileIsNotCreatedAgain() throws Exception {
    write(temp.resolve("file"), "first");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> disk.create(temp.resolve("file")));
    assertThat(temp.resolve("file")).hasContent("first");
  }

  @Test
  void aMoveReplacesWhatWasThere() throws Exception {
    write(temp.resolve("from"), "new");
    write(temp.resolve("to"), "old");
    disk.move(temp.resolve("from"), temp.resolve("to"));
    assertThat(disk.list(temp)).containsExactly("to");
    assertThat(temp.resolve("to")).hasContent("new");
  }

  @Test
  void readsAtPositionsUntilTheEnd() throws Exception {
    write(temp.resolve("file"), "0123456789");
    try (ReadableFile file = disk.open(temp.resolve("file"))) {
      ByteBuffer into = ByteBuffer.allocate(4);
      assertThat(file.size()).isEqualTo(10);
      assertThat(file.read(into, 8)).isEqualTo(2);
      assertThat(new String(into.array(), 0, 2, StandardCharsets.UTF_8)).isEqualTo("89");
      assertThat(file.read(into, 10)).isEqualTo(-1);
    }
  }

  @Test
  void whatIsMissingIsTold() throws Exception {
    Path missing = temp.resolve("missing");
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.open(missing));
    assertThat(disk.delete(missing)).isFalse();
    assertThat(disk.exists(missing)).isFalse();
    assertThat(disk.list(missing)).isEmpty();
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.freeSpace(missing));
  }

  @Test
  void aFullDiskIsTold() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 64 * 1024)) {
      try (WritableFile file = disk.create(tiny.folder().resolve("file"))) {
        assertThatExceptionOfType(DiskFull.class)
            .isThrownBy(() -> file.write(ByteBuffer.wrap(new byte[100_000])));
      }
      assertThat(disk.freeSpace(tiny.folder())).isZero();
    }
  }
}
