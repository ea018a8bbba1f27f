package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is withdrawn is refused at the very next request (P8). */
@BlackBox
@Tag("P8")
final class WithdrawnRightsTest {

  private static final int READERS = 64;

  private final Skep skep;
  private final People people;
  private final Client admin;

  private Client anna;
  private String slug;
  private String root;
  private String folder;
  private String file;

  WithdrawnRightsTest(Skep skep) {
    this.skep = skep;
    this.people = new People(skep);
    this.admin = skep.admin();
  }

  @BeforeEach
  void aFileInAFolderOfATeam() {
    anna = people.person("anna");
    slug = people.workspace("team");
    root = people.root(slug);
    file = admin.put("/files/" + slug + "/folder/file", "text").is(201).id();
    folder = admin.get("/nodes/lookup?path=/" + slug + "/folder").is(200).id();
  }

  @Test
  void aRight() {
    give(folder, "user:" + anna.user(), "read", "write");
    works(anna);

    give(folder, "user:" + anna.user(), "read");

    anna.patch("/nodes/" + file, "{'tags':['x']}").isProblem(403, "forbidden");
    reads(anna);
  }

  /** However many are just reading: no answer that began after the commit is 200. */
  @Test
  void whileSixtyFourRead() throws Exception {
    give(folder, "user:" + anna.user(), "read");
    AtomicInteger read = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicLong lastBegan = new AtomicLong(Long.MIN_VALUE);
    AtomicLong withdrawn = new AtomicLong();
    Together.run(
        READERS + 1,
        thread -> {
          if (thread == READERS) {
            while (read.get() < 2 * READERS) {
              Thread.sleep(1);
            }
            admin.delete("/nodes/" + folder + "/permissions/user:" + anna.user()).is(204);
            withdrawn.set(System.nanoTime());
            return;
          }
          while (refused.get() < 4 * READERS) {
            long began = System.nanoTime();
            Answer answer = anna.get("/nodes/" + file);
            if (answer.status() == 200) {
              read.incrementAndGet();
              lastBegan.accumulateAndGet(began, Math::max);
            } else {
              answer.isProblem(404, "not-found");
              refused.incrementAndGet();
            }
          }
        });
    System.out.println(
        "64 readers over HTTP: " + read + " reads, then " + refused + " refused, none late");
    assertThat(lastBegan.get()).isLessThanOrEqualTo(withdrawn.get());
    seesNothing(anna);
  }

  @Test
  void anEntry() {
    give(root, "user:" + anna.user(), "read", "write");
    works(anna);

    admin.delete("/nodes/" + root + "/permissions/user:" + anna.user()).is(204);

    seesNothing(anna);
  }

  @Test
  void whatEveryoneMay() {
    give(folder, "everyone", "read", "write");
    works(anna);

    admin.delete("/nodes/" + folder + "/permissions/everyone").is(204);

    seesNothing(anna);
  }

  @Test
  void byAnEmptyEntryOnANearerFolder() {
    give(root, "user:" + anna.user(), "read", "write");
    works(anna);

    give(folder, "user:" + anna.user());

    readsNothing(anna);
    // She may write beside the folder, so that its name is taken for her.
    anna.put("/files/" + slug + "/folder/file", "other").isProblem(409, "name-taken");
    anna.get("/nodes/" + root).is(200);
  }

  @Test
  void theMembershipInAGroup() {
    String group = people.group("staff", "user:" + anna.user());
    give(root, "group:" + group, "read", "write");
    works(anna);

    admin.delete("/groups/" + group + "/members/user:" + anna.user()).is(204);

    seesNothing(anna);
  }

  @Test
  void theMembershipOfAGroupInAGroup() {
    String inner = people.group("inner", "user:" + anna.user());
    String middle = people.group("middle", "group:" + inner);
    String outer = people.group("outer", "group:" + middle);
    give(root, "group:" + outer, "read", "write");
    works(anna);

    admin.delete("/groups/" + outer + "/members/group:" + middle).is(204);

    seesNothing(anna);
  }

  @Test
  void aGroupInBetween() {
    String inner = people.group("inner", "user:" + anna.user());
    String middle = people.group("middle", "group:" + inner);
    String outer = people.group("outer", "group:" + middle);
    give(root, "group:" + outer, "read", "write");
    works(anna);

    admin.delete("/groups/" + middle).is(204);

    seesNothing(anna);
  }

  @Test
  void whatWasInheritedFromTheOldPlace() {
    String other = admin.post("/nodes/" + root + "/children", "{'name':'other'}").is(201).id();
    give(folder, "user:" + anna.user(), "read", "write");
    works(anna);

    admin.patch("/nodes/" + file, "{'parentId':'" + other + "'}").is(200);

    anna.get("/nodes/" + file).isProblem(404, "not-found");
    anna.get("/nodes/" + file + "/content").isProblem(404, "not-found");
  }

  @Test
  void theAccount() {
    give(root, "user:" + anna.user(), "read", "write");
    works(anna);

    admin.patch("/users/" + anna.user(), "{'disabled':true}").is(200);

    anna.get("/nodes/" + file).isProblem(401, "unauthenticated");
    anna.get("/me").isProblem(401, "unauthenticated");

    admin.patch("/users/" + anna.user(), "{'disabled':false}").is(200);
  }

  @Test
  void anAccessToken() {
    give(root, "user:" + anna.user(), "read", "write");
    Answer token = anna.post("/tokens", "{'name':'laptop'}").is(201);
    Client laptop = skep.as(anna.user(), token.text("token"));
    works(laptop);

    anna.delete("/tokens/" + token.id()).is(204);

    laptop.get("/nodes/" + file).isProblem(401, "unauthenticated");
    works(anna);
  }

  @Test
  void aSession() {
    give(root, "user:" + anna.user(), "read", "write");
    Client elsewhere = people.logIn(anna.user());
    works(elsewhere);

    elsewhere.delete("/sessions/current").is(204);

    elsewhere.get("/nodes/" + file).isProblem(401, "unauthenticated");
    works(anna);
  }

  @Test
  void thatOfAnAdministrator() {
    admin.patch("/users/" + anna.user(), "{'admin':true}").is(200);
    anna.get("/users").is(200);

    admin.patch("/users/" + anna.user(), "{'admin':false}").is(200);

    anna.post("/groups", "{'name':'of-a-former-administrator'}").isProblem(403, "forbidden");
  }

  @Test
  void duringAnUploadThatThenLeavesNothing() throws Exception {
    give(folder, "user:" + anna.user(), "read", "write");
    give(root, "user:" + anna.user(), "read");
    long used = used();

    Answer refused =
        whileUploading(
            () -> admin.delete("/nodes/" + folder + "/permissions/user:" + anna.user()).is(204));

    refused.isProblem(403, "forbidden");
    leftNothing(used);
  }

  @Test
  void duringAnUploadIntoWhatMayNoLongerBeSeen() throws Exception {
    give(folder, "user:" + anna.user(), "read", "write");
    long used = used();

    Answer refused =
        whileUploading(
            () -> admin.delete("/nodes/" + folder + "/permissions/user:" + anna.user()).is(204));

    refused.isProblem(404, "not-found");
    leftNothing(used);
  }

  @Test
  void byAGroupDuringAnUpload() throws Exception {
    String group = people.group("staff", "user:" + anna.user());
    give(root, "group:" + group, "read", "write");
    long used = used();

    Answer refused =
        whileUploading(
            () -> admin.delete("/groups/" + group + "/members/user:" + anna.user()).is(204));

    refused.isProblem(404, "not-found");
    leftNothing(used);
  }

  @Test
  void byDisablingTheAccountDuringAnUpload() throws Exception {
    give(root, "user:" + anna.user(), "read", "write");
    long used = used();

    Answer refused =
        whileUploading(() -> admin.patch("/users/" + anna.user(), "{'disabled':true}").is(200));

    assertThat(refused.status()).as(refused.text()).isIn(401, 403, 404);
    leftNothing(used);
  }

  @Test
  void ofTheSessionDuringAnUpload() throws Exception {
    give(root, "user:" + anna.user(), "read", "write");
    long used = used();

    Answer refused = whileUploading(() -> anna.delete("/sessions/current").is(204));

    refused.isProblem(401, "unauthenticated");
    leftNothing(used);
  }

  @Test
  void ofAnAccessTokenDuringAnUpload() throws Exception {
    give(root, "user:" + anna.user(), "read", "write");
    Client session = anna;
    Answer token = anna.post("/tokens", "{'name':'laptop'}").is(201);
    anna = skep.as(session.user(), token.text("token"));
    long used = used();

    Answer refused = whileUploading(() -> session.delete("/tokens/" + token.id()).is(204));

    refused.isProblem(401, "unauthenticated");
    leftNothing(used);
  }

  /** An upload of which half has arrived when something happens. */
  private Answer whileUploading(Runnable happening) throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Answer> upload =
        CompletableFuture.supplyAsync(
            () ->
                anna.request("PUT", "/files/" + slug + "/folder/new")
                    .chunked(() -> new Halting(half, goOn))
                    .send());
    assertThat(half.await(30, TimeUnit.SECONDS)).isTrue();
    // What is sent arrives a moment later; before any byte came, rights were checked.
    Thread.sleep(300);
    assertThat(upload).isNotDone();
    happening.run();
    goOn.countDown();
    return upload.get(60, TimeUnit.SECONDS);
  }

  /** 256 KiB, after whose first half it waits. */
  private static final class Halting extends InputStream {
    private static final int LENGTH = 256 * 1024;
    private final CountDownLatch half;
    private final CountDownLatch goOn;
    private int sent;

    Halting(CountDownLatch half, CountDownLatch goOn) {
      this.half = half;
      this.goOn = goOn;
    }

    @Override
    public int read() throws IOException {
      if (sent == LENGTH / 2) {
        await();
      }
      return sent++ < LENGTH ? 'x' : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int first = read();
      if (first < 0) {
        return -1;
      }
      bytes[offset] = (byte) first;
      int read = 1;
      while (read < length && sent != LENGTH / 2 && sent < LENGTH) {
        bytes[offset + read++] = (byte) read();
      }
      return read;
    }

    private void await() throws IOException {
      half.countDown();
      try {
        if (!goOn.await(60, TimeUnit.SECONDS)) {
          throw new IOException("nobody let the upload go on");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private void leftNothing(long used) {
    assertThat(admin.get("/nodes/" + folder + "/children").is(200).items("name"))
        .containsExactly("file");
    assertThat(used()).isEqualTo(used);
  }

  private long used() {
    return admin.get("/workspaces/" + slug).is(200).json().path("used").asLong(-1);
  }

  private void give(String node, String subject, String... rights) {
    Answer given =
        admin.putJson("/nodes/" + node + "/permissions/" + subject, People.rights(rights));
    assertThat(given.status()).as(given.text()).isIn(200, 201);
  }

  private void works(Client somebody) {
    reads(somebody);
    somebody.patch("/nodes/" + file, "{'tags':['of-" + somebody.user() + "']}").is(200);
  }

  private void reads(Client somebody) {
    assertThat(somebody.get("/nodes/" + file + "/content").is(200).text()).isEqualTo("text");
    somebody.get("/files/" + slug + "/folder/file").is(200);
  }

  private void seesNothing(Client somebody) {
    readsNothing(somebody);
    somebody.put("/files/" + slug + "/folder/file", "other").isProblem(404, "not-found");
  }

  private void readsNothing(Client somebody) {
    somebody.get("/nodes/" + file).isProblem(404, "not-found");
    somebody.get("/nodes/" + file + "/content").isProblem(404, "not-found");
    somebody.get("/files/" + slug + "/folder/file").isProblem(404, "not-found");
    somebody.get("/nodes/" + folder + "/children").isProblem(404, "not-found");
    somebody.patch("/nodes/" + file, "{'tags':['y']}").isProblem(404, "not-found");
  }
}
