package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Protocol;
import dev.skep.blackbox.Skep;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many requests on one connection, by a client that begins with HTTP/2 (curl with prior knowledge)
 * and by one that upgrades to it (Java's, as it comes).
 */
@BlackBox
final class Http2Test {

  private static final int MANY = 300;
  private static final int LARGE = 5_000_000;
  private static final int AT_ONCE = 50;

  private static final String PRIOR_KNOWLEDGE = "--http2-prior-knowledge";
  private static final String UPGRADE = "--http2";

  private final Skep skep;
  private final Client anna;
  private Folder folder;
  private int logged;

  Http2Test(Skep skep) {
    this.skep = skep;
    anna = new People(skep).person("anna");
  }

  @BeforeEach
  void anEmptyFolder() {
    folder = Folder.fresh(anna);
    logged = skep.output().length();
  }

  @AfterEach
  void nothingIsLogged() {
    assertThat(skep.output().substring(logged)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void manyUploadsAtOnceAreStoredWhole(Protocol protocol) throws Exception {
    Client client = anna.over(protocol);
    atOnce(MANY, n -> client.put(folder.file("small-" + n), random(n)).is(201));
    atOnce(20, n -> client.put(folder.file("large-" + n), random(LARGE)).is(201));
    atOnce(
        20,
        n ->
            client
                .request("PUT", folder.file("unknown-length-" + n))
                .chunked(() -> new ByteArrayInputStream(random(LARGE)))
                .send()
                .is(201));
    assertThat(folder.names()).hasSize(MANY + 20 + 20);
    assertThat(client.get(folder.file("small-299")).body()).isEqualTo(random(299));
    atOnce(
        20,
        n -> {
          assertThat(client.get(folder.file("large-" + n)).body()).isEqualTo(random(LARGE));
          assertThat(client.get(folder.file("unknown-length-" + n)).body())
              .isEqualTo(random(LARGE));
        });
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void rangesOfALargeFileAreReadAtOnce(Protocol protocol) throws Exception {
    byte[] content = random(LARGE);
    anna.put(folder.file("large"), content).is(201);
    Client client = anna.over(protocol);
    atOnce(
        20,
        n -> {
          int from = n * 100_000;
          Answer part =
              client
                  .request("GET", folder.file("large"))
                  .range("bytes=" + from + "-" + (from + 1_999_999))
                  .send()
                  .is(206);
          assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, from, from + 2_000_000));
        });
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aJsonBodyOfUnknownLengthIsRead(Protocol protocol) {
    Client client = anna.over(protocol);
    String id = client.put(folder.file("some"), "x").is(201).id();
    String json = "{\"name\":\"renamed\",\"metadata\":{\"a\":\"" + "x".repeat(40_000) + "\"}}";
    Answer renamed =
        client
            .request("PATCH", "/nodes/" + id)
            .type("application/merge-patch+json")
            .chunked(() -> new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))
            .send()
            .is(200);
    assertThat(renamed.text("name")).isEqualTo("renamed");
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aRefusedUploadLeavesTheConnectionToOthers(Protocol protocol) throws Exception {
    Client client = anna.over(protocol);
    client.put(folder.file("taken"), "x").is(201);
    atOnce(
        30,
        n -> {
          client
              .request("PUT", folder.file("taken"))
              .ifNoneMatch("*")
              .bytes(random(1_000_000))
              .send()
              .isProblem(412, "precondition-failed");
          client.put(folder.file("taken-" + n), random(100_000)).is(201);
        });
    assertThat(client.get(folder.file("taken")).text()).isEqualTo("x");
  }

  @Test
  void withoutALengthAnUploadIsStoredWhole() throws Exception {
    for (int size : new int[] {0, 1, 70_000, LARGE}) {
      Path content = file(random(size));
      List<String> answer =
          curl(
              PRIOR_KNOWLEDGE,
              content,
              "-T",
              "-",
              "-o",
              "/dev/null",
              url(folder.file("size-" + size)));
      assertThat(answer).containsExactly("2 201");
      assertThat(anna.get(folder.file("size-" + size)).is(200).body()).isEqualTo(random(size));
    }
  }

  @Test
  void anUploadThatAsksForAnUpgradeIsStoredWhole() throws Exception {
    for (int size : new int[] {1, 70_000, LARGE}) {
      Path content = file(random(size));
      String path = folder.file("size-" + size);
      for (String from : List.of(content.toString(), "-")) {
        List<String> answer = curl(UPGRADE, content, "-T", from, "-o", "/dev/null", url(path));
        assertThat(answer).allMatch(line -> line.startsWith("1.1 20")).hasSize(1);
      }
      assertThat(anna.get(path).is(200).body()).isEqualTo(random(size));
    }
  }

  @Test
  void aDownloadThatAsksForAnUpgradeComesWhole() throws Exception {
    anna.put(folder.file("large"), random(LARGE)).is(201);
    for (int n = 0; n < 10; n++) {
      Path whole = Skep.newFolder("whole").resolve("whole");
      assertThat(
              curl(UPGRADE, file(new byte[0]), "-o", whole.toString(), url(folder.file("large"))))
          .containsExactly("1.1 200");
      assertThat(Files.readAllBytes(whole)).isEqualTo(random(LARGE));
    }
  }

  @Test
  void aRangeIsReadWithPriorKnowledge() throws Exception {
    byte[] content = random(LARGE);
    anna.put(folder.file("large"), content).is(201);
    Path part = Skep.newFolder("part").resolve("part");
    assertThat(
            curl(
                PRIOR_KNOWLEDGE,
                file(new byte[0]),
                "-r",
                "100-2000099",
                "-o",
                part.toString(),
                url(folder.file("large"))))
        .containsExactly("2 206");
    assertThat(Files.readAllBytes(part)).isEqualTo(Arrays.copyOfRange(content, 100, 2_000_100));
  }

  /** What curl tells: the protocol and the status. */
  private List<String> curl(String version, Path input, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                version,
                "-m",
                "60",
                "-H",
                "Authorization: " + anna.authorization(),
                "-w",
                "%{http_version} %{response_code}\n"));
    command.addAll(List.of(arguments));
    Process curl =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    List<String> lines = curl.inputReader(StandardCharsets.UTF_8).readAllLines();
    assertThat(curl.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  private String url(String path) {
    return skep.base() + "/api/v1" + path;
  }

  private static Path file(byte[] content) throws IOException {
    return Files.write(Skep.newFolder("content").resolve("content"), content);
  }

  /** The same bytes for the same size. */
  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private interface Step {
    void run(int n) throws Exception;
  }

  private static void atOnce(int times, Step step) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> running = new ArrayList<>();
      IntStream.range(0, times)
          .forEach(
              n ->
                  running.add(
                      threads.submit(
                          () -> {
                            step.run(n);
                            return null;
                          })));
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
