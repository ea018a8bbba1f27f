package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in the middle of uploads: what was acknowledged is there, and nothing else. */
final class KilledDuringUploadsTest {

  private static final int KILLS = 3;
  private static final int UPLOADERS = 8;

  @Test
  void everyAcknowledgedUploadIsThereAfterARestart() throws Exception {
    Path data = Skep.newFolder("skep-data");
    Map<String, byte[]> tried = new ConcurrentHashMap<>();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Random random = new Random();
    for (int kill = 0; kill < KILLS; kill++) {
      Skep skep = Skep.on(data).start();
      try (ExecutorService threads = Executors.newFixedThreadPool(UPLOADERS)) {
        for (int uploader = 0; uploader < UPLOADERS; uploader++) {
          String prefix = kill + "-" + uploader + "-";
          threads.submit(() -> upload(skep.admin(), prefix, tried, acknowledged));
        }
        Thread.sleep(3000 + random.nextInt(1500));
        skep.kill();
      }
    }
    System.out.printf(
        "%d kills: %d uploads acknowledged, %d cut off%n",
        KILLS, acknowledged.size(), tried.size() - acknowledged.size());
    assertThat(acknowledged).hasSizeGreaterThan(KILLS * UPLOADERS);

    try (Skep skep = Skep.on(data).start()) {
      Client admin = skep.admin();
      for (String name : acknowledged) {
        assertThat(admin.get("/files/home/" + name).is(200).body())
            .as(name)
            .isEqualTo(tried.get(name));
      }
      // One that was cut off may have been stored just before its answer, but then whole.
      Set<String> others = new HashSet<>(tried.keySet());
      others.removeAll(acknowledged);
      for (String name : others) {
        var answer = admin.get("/files/home/" + name);
        if (answer.status() != 404) {
          assertThat(answer.is(200).body()).as(name).isEqualTo(tried.get(name));
        }
      }
    }
  }

  private static void upload(
      Client client, String prefix, Map<String, byte[]> tried, Set<String> acknowledged) {
    Random random = new Random(prefix.hashCode());
    for (int i = 0; ; i++) {
      String name = prefix + i;
      byte[] content = new byte[random.nextInt(i % 2 == 0 ? 16_384 : 200_000)];
      random.nextBytes(content);
      tried.put(name, content);
      try {
        client.put("/files/home/" + name, content).is(201);
      } catch (UncheckedIOException e) {
        return;
      }
      acknowledged.add(name);
    }
  }
}
