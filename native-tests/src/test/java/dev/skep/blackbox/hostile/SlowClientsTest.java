package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Clients that begin something large and never end it: what they hold has a bound, and other
 * people's requests go on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowClientsTest {

  private static final int ALL_BUT_A_BYTE = (1 << 20) - 1;
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<Wire> held = new ArrayList<>();
  private Skep skep;
  private Client slow;
  private Client other;

  @BeforeAll
  void start() {
    skep = Skep.on(Skep.newFolder("skep-data")).javaOption("-Xmx256m").start();
    People people = new People(skep);
    slow = people.person("slow");
    other = people.person("other");
  }

  @AfterAll
  void stop() {
    skep.close();
  }

  @AfterEach
  void letGo() throws IOException {
    for (Wire wire : held) {
      wire.close();
    }
    held.clear();
  }

  @Test
  void threeHundredLogInsWithoutTheirLastByteLeaveRoomForOthers() throws Exception {
    String head =
        "POST /api/v1/sessions HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: %d\n\n";
    hold(300, head.formatted(ALL_BUT_A_BYTE + 1), ALL_BUT_A_BYTE);
    othersGoOn();
    hold(300, head.formatted(16 << 10), (16 << 10) - 1);
    othersGoOn();
  }

  @Test
  void threeHundredLogInsInChunksWithoutAnEndLeaveRoomForOthers() throws Exception {
    hold(
        300,
        "POST /api/v1/sessions HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n100000\n",
        ALL_BUT_A_BYTE);
    othersGoOn();
  }

  @Test
  void threeHundredPatchesOfOneUserLeaveRoomForOthers() throws Exception {
    String node = slow.put("/files/home/file", "content").is(201).id();
    hold(
        300,
        "PATCH /api/v1/nodes/%s HTTP/1.1\nHost: x\nAuthorization: %s\nContent-Type: application/json\nContent-Length: %d\n\n"
            .formatted(node, slow.authorization(), ALL_BUT_A_BYTE + 1),
        ALL_BUT_A_BYTE);
    othersGoOn();
  }

  @Test
  void twoHundredUploadsThatSendOneByteLeaveRoomForOthers() throws Exception {
    for (int i = 0; i < 200; i++) {
      held.add(
          Wire.to(skep)
              .send(
                  "PUT /api/v1/files/home/%s HTTP/1.1\nHost: x\nAuthorization: %s\nContent-Length: 8388608\n\nx"
                      .formatted(Names.fresh("slow"), slow.authorization())));
    }
    othersGoOn();
  }

  @Test
  void aBodyBeforeLogInThatDoesNotComeSoonIsGivenUp() throws Exception {
    try (Wire wire = Wire.to(skep)) {
      wire.send("POST /api/v1/sessions HTTP/1.1\nHost: x\nContent-Length: 100\n\n{");
      for (int i = 0; i < 15; i++) {
        Thread.sleep(1000);
        try {
          wire.send(" ");
        } catch (IOException closed) {
          return;
        }
      }
      throw new AssertionError("It still takes a byte a second");
    }
  }

  /** All at once, as far as Skep takes it within a while. */
  private void hold(int connections, String head, int bytes) throws Exception {
    byte[] body = " ".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
    CountDownLatch sent = new CountDownLatch(connections);
    for (int i = 0; i < connections; i++) {
      Wire wire = Wire.to(skep);
      held.add(wire);
      Thread.startVirtualThread(
          () -> {
            try {
              wire.send(head).send(body);
            } catch (IOException refused) {
              // Whom Skep refuses it need not listen to.
            } finally {
              sent.countDown();
            }
          });
    }
    sent.await(10, TimeUnit.SECONDS);
  }

  private void othersGoOn() {
    long began = System.nanoTime();
    other.get("/me").is(200);
    String name = Names.fresh("file");
    String id = other.put("/files/home/" + name, new byte[100_000]).is(201).id();
    other.patch("/nodes/" + id, "{'tags':['" + "x".repeat(40) + "']}").is(200);
    other.patch("/nodes/" + id, "{'metadata':{'text':'" + "x".repeat(30_000) + "'}}").is(200);
    assertThat(other.get("/files/home/" + name).is(200).body()).hasSize(100_000);
    new People(skep).logIn(other.user());
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    assertThat(skep.process().isAlive()).isTrue();
    assertThat(skep.output()).doesNotContain("OutOfMemoryError").doesNotContain(" ERROR ");
  }
}
