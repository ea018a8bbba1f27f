package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.testkit.tier.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many replicas start at once where nothing is yet, as after a power cut on the first day. */
final class ManyReplicasTest {

  private static final int COUNT = Tier.count(4, 10);

  @Test
  void manyAtOnceOnEmptyStoresAllComeUpAndAreOne() throws Exception {
    try (Servers servers = Servers.start();
        Replicas replicas = Replicas.on(servers).heap("-Xmx128m")) {
      long begin = System.nanoTime();
      List<Replica> all = replicas.start(COUNT);
      System.out.printf(
          "%d replicas at once on empty stores: all whole after %d ms%n",
          COUNT, (System.nanoTime() - begin) / 1_000_000);

      assertThat(servers.sql("SELECT name, admin FROM account"))
          .containsExactly(List.of("admin", "1"));
      assertThat(servers.number("SELECT COUNT(*) FROM installation")).isEqualTo(1);
      assertThat(servers.number("SELECT COUNT(*) FROM workspace")).isEqualTo(1);
      assertThat(servers.number("SELECT COUNT(*) FROM heartbeat")).isEqualTo(COUNT);
      assertThat(format(servers)).matches("skep-objects [0-9]+ skep\n");

      byte[] content = new byte[100_000];
      all.getFirst().admin().put("/files/home/file", content).is(201);
      Set<String> ids = new TreeSet<>();
      for (Replica each : all) {
        Client admin = each.admin();
        assertThat(admin.get("/files/home/file").is(200).body()).isEqualTo(content);
        admin.put("/files/home/of-" + each.number(), "x").is(201);
        ids.add(each.id());
        assertThat(each.skep().output()).doesNotContain("\tat ");
      }
      assertThat(all.getFirst().admin().get("/files/home/").is(200).items("name"))
          .hasSize(COUNT + 1);
      all.getFirst()
          .await(
              Duration.ofSeconds(30),
              "does not see all",
              () ->
                  ids.equals(
                      new TreeSet<>(
                          all.getFirst()
                              .admin()
                              .get("/cluster")
                              .is(200)
                              .json()
                              .path("replicas")
                              .findValuesAsText("id"))));
    }
  }

  /** What marks the bucket as Skep's: one object, whole. */
  private static String format(Servers servers) throws Exception {
    try (Stream<Path> files = Files.walk(servers.folder("s3"))) {
      List<Path> formats =
          files.filter(file -> file.getFileName().toString().equals("format")).toList();
      assertThat(formats).hasSize(1);
      return Files.readString(formats.getFirst());
    }
  }
}
