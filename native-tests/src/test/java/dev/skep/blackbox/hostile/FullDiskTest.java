package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import dev.skep.testkit.TinyDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a disk that is full, nothing breaks and there is a way out (P2). */
@Tag("P2")
final class FullDiskTest {

  private static final int MEGABYTE = 1 << 20;

  /** Files of a megabyte, whose room is enough for all to go on. */
  private static final int MANY = 24;

  private final Random random = new Random(7);

  @Test
  void belowTheFreeSpaceLimitUploadsAreRefusedAndEverythingElseWorks() throws Exception {
    try (TinyDisk disk = tiny(48);
        Skep skep = withLimit(disk).start()) {
      Client admin = skep.admin();
      List<byte[]> stored = fill(admin);
      assertThat(stored).hasSizeGreaterThan(3);

      byte[] before = admin.get("/files/home/full/").is(200).body();
      long files = blobFiles(disk);
      admin.put("/files/home/full/one-more", some()).isProblem(507, "no-space");
      // Of unknown length, so it is found out on the way, at one look every few megabytes.
      byte[] more = new byte[6 * MEGABYTE];
      admin
          .request("PUT", "/files/home/full/unknown-length")
          .chunked(() -> new ByteArrayInputStream(more))
          .send()
          .isProblem(507, "no-space");
      admin.put("/files/home/full/0", some()).isProblem(507, "no-space");
      assertThat(admin.get("/files/home/full/").is(200).body()).isEqualTo(before);
      assertThat(blobFiles(disk)).as("blobs, without half-written ones").isEqualTo(files);

      admin.put("/files/home/folder/", new byte[0]).is(201);
      admin.post("/nodes/" + id(admin, "/home/folder") + "/children", "{'name':'below'}").is(201);
      admin.patch("/nodes/" + id(admin, "/home/full/1"), "{'name':'renamed'}").is(200);
      for (int i = 0; i < stored.size(); i++) {
        String name = i == 1 ? "renamed" : Integer.toString(i);
        assertThat(admin.get("/files/home/full/" + name).is(200).body()).isEqualTo(stored.get(i));
      }
    }
  }

  @Test
  void deletingAndEmptyingTheTrashMakesRoomAgain() throws Exception {
    try (TinyDisk disk = tiny(48);
        Skep skep = sweeping(disk).start()) {
      Client admin = skep.admin();
      fill(admin);
      admin.delete("/files/home/full").is(204);
      admin.delete("/trash?workspace=home").is(204);
      awaitRoomFor(admin, "/files/home/again");
    }
  }

  @Test
  void withNoByteLeftChangesAreRefusedAndWorkAgainOnceThereIsRoom() throws Exception {
    try (TinyDisk disk = tiny(48);
        Skep skep = withLimit(disk).start()) {
      Client admin = skep.admin();
      admin.put("/files/home/kept", "kept").is(201);
      disk.fill();

      admin.put("/files/home/new", some()).isProblem(507, "no-space");
      int made = 0;
      Answer last = admin.put("/files/home/folder-" + made + "/", new byte[0]);
      while (last.status() == 201 && made < 5000) {
        made++;
        last = admin.put("/files/home/folder-" + made + "/", new byte[0]);
      }
      last.isProblem(507, "no-space");
      byte[] small = Arrays.copyOf(some(), 4096);
      admin.put("/files/home/small", small).isProblem(507, "no-space");
      admin.put("/files/home/kept", small).isProblem(507, "no-space");
      assertThat(admin.get("/files/home/kept").is(200).text()).isEqualTo("kept");
      admin.get("/me").is(200);

      disk.makeRoom();
      admin.put("/files/home/folder-" + made + "/", new byte[0]).is(201);
      admin.put("/files/home/new", some()).is(201);
      admin.put("/files/home/small", small).is(201);
      assertThat(admin.get("/files/home/small").is(200).body()).isEqualTo(small);
      assertThat(admin.get("/files/home/?limit=1000").is(200).items("name")).hasSize(made + 4);
    }
  }

  @Test
  void withNoByteLeftDeletingPurgingAndLogInGoOnAndMakeRoomAgain() throws Exception {
    try (TinyDisk disk = tiny(64);
        Skep skep = sweeping(disk).start()) {
      Client admin = skep.admin();
      admin.put("/files/home/kept", "kept").is(201);
      upload(admin, MANY);
      disk.fill();
      assertThat(disk.free()).isZero();
      String before = state(admin);
      admin.put("/files/home/new", some()).isProblem(507, "no-space");
      assertThat(state(admin)).isEqualTo(before);

      deleteAllButTheLast(admin);
      skep.as("admin", skep.adminFile("password")).post("/sessions").is(201);
      String within = state(admin);
      admin.put("/files/home/folder/", new byte[0]).isProblem(507, "no-space");
      admin.put("/files/home/new", some()).isProblem(507, "no-space");
      admin.put("/files/home/small", Arrays.copyOf(some(), 4096)).isProblem(507, "no-space");
      assertThat(state(admin)).isEqualTo(within);
      purgeOneThenAll(admin);

      awaitRoomFor(admin, "/files/home/new");
      admin.put("/files/home/folder/", new byte[0]).is(201);
      assertThat(admin.get("/files/home/kept").is(200).text()).isEqualTo("kept");
      assertThat(disk.folder().resolve("sql/reserve")).hasSize(8 * MEGABYTE);
    }
  }

  @Test
  void aStartWithNoByteLeftWorksAndThereIsAWayOut() throws Exception {
    try (TinyDisk disk = tiny(64)) {
      try (Skep skep = sweeping(disk).start()) {
        skep.admin().put("/files/home/kept", "kept").is(201);
        upload(skep.admin(), MANY);
        skep.kill();
      }
      disk.fill();
      assertThat(disk.free()).isZero();
      try (Skep skep = sweeping(disk).start()) {
        Client admin = skep.admin();
        assertThat(admin.get("/files/home/kept").is(200).text()).isEqualTo("kept");
        admin.put("/files/home/new", some()).isProblem(507, "no-space");
        deleteAllButTheLast(admin);
        purgeOneThenAll(admin);
        awaitRoomFor(admin, "/files/home/new");
      }
    }
  }

  @Test
  void aStartWithNeitherAByteNorTheReserveLeftSaysWhatToDo() throws Exception {
    try (TinyDisk disk = tiny(48)) {
      try (Skep skep = withLimit(disk).start()) {
        skep.admin().put("/files/home/kept", "kept").is(201);
        skep.kill();
      }
      Files.delete(disk.folder().resolve("sql/reserve"));
      disk.fill();
      Skep refused = withLimit(disk).launch();
      assertThat(refused.awaitEnd(Duration.ofSeconds(90))).isEqualTo(1);
      assertThat(refused.output())
          .contains("skep.data: the disk of " + disk.folder() + " is full")
          .contains("Make at least 16 MiB free on it, then start again.")
          .doesNotContain("Exception");

      disk.makeRoom();
      try (Skep skep = withLimit(disk).start()) {
        assertThat(skep.admin().get("/files/home/kept").is(200).text()).isEqualTo("kept");
        skep.admin().put("/files/home/new", some()).is(201);
      }
    }
  }

  private static TinyDisk tiny(long mebibytes) throws IOException {
    return TinyDisk.of(Skep.newFolder("tiny-disk"), mebibytes << 20);
  }

  private static Skep.Setup sweeping(TinyDisk disk) {
    return withLimit(disk)
        .with("SKEP_CONTENT_GRACE", "1s")
        .with("SKEP_CONTENT_SWEEP_INTERVAL", "1s");
  }

  private void upload(Client admin, int files) {
    for (int i = 0; i < files; i++) {
      admin.put("/files/home/full/" + i, some()).is(201);
    }
  }

  private static void deleteAllButTheLast(Client admin) {
    for (int i = 0; i < MANY - 1; i++) {
      admin.delete("/files/home/full/" + i).is(204);
    }
    assertThat(admin.get("/files/home/full/").is(200).items("name"))
        .containsExactly(Integer.toString(MANY - 1));
  }

  private static void purgeOneThenAll(Client admin) {
    var items = admin.get("/trash?workspace=home").is(200);
    assertThat(items.items("id")).hasSize(MANY - 1);
    admin.delete("/trash/" + items.items("id").getFirst()).is(204);
    admin.delete("/trash?workspace=home").is(204);
    assertThat(admin.get("/trash?workspace=home").is(200).items("id")).isEmpty();
  }

  private void awaitRoomFor(Client admin, String path) throws InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    Answer again = admin.put(path, some());
    while (again.status() == 507 && System.nanoTime() < end) {
      Thread.sleep(500);
      again = admin.put(path, some());
    }
    again.is(201);
  }

  private static String state(Client admin) {
    return admin.get("/files/home/").is(200).text()
        + admin.get("/files/home/full/").is(200).text()
        + admin.get("/trash?workspace=home").is(200).text();
  }

  private static Skep.Setup withLimit(TinyDisk disk) {
    return Skep.on(disk.folder()).with("SKEP_OBJECTS_EMBEDDED_MIN_FREE_SPACE", "8388608");
  }

  /** Uploads files 0, 1, … until the disk is full. */
  private List<byte[]> fill(Client admin) {
    List<byte[]> stored = new ArrayList<>();
    while (stored.size() < 100) {
      byte[] content = some();
      Answer answer = admin.put("/files/home/full/" + stored.size(), content);
      if (answer.status() == 507) {
        answer.isProblem(507, "no-space");
        return stored;
      }
      answer.is(201);
      stored.add(content);
    }
    throw new AssertionError("the disk does not get full");
  }

  private byte[] some() {
    byte[] content = new byte[MEGABYTE];
    random.nextBytes(content);
    return content;
  }

  private static String id(Client client, String path) {
    return client.get("/nodes/lookup?path=" + path).is(200).id();
  }

  private static long blobFiles(TinyDisk disk) throws IOException {
    try (Stream<Path> files = Files.walk(disk.folder().resolve("objects"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
