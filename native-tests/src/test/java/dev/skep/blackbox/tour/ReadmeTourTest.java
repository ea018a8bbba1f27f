package dev.skep.blackbox.tour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import dev.skep.testkit.tier.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the README's tour with bash: a real folder of several thousand files, names in many scripts,
 * an empty file and a large one (or of {@code TOUR_BIG}) go up; after a {@code kill -9} all come
 * back.
 */
final class ReadmeTourTest {

  private static final Path README = Path.of("..", "README.md").toAbsolutePath().normalize();
  private static final Pattern BLOCK =
      Pattern.compile("<!-- (tour[^>]*) -->\\n```bash\\n(.*?)```", Pattern.DOTALL);
  private static final String HERE = "The tour waits for kill -9";

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void itsLinesWorkAndNothingIsLostByAKill() throws Exception {
    Path work = Skep.newFolder("tour");
    Path folder = work.resolve("folder");
    run(work, "bash", script("folder.sh").toString(), folder.toString(), big());
    Path data = work.resolve("data");
    Path log = work.resolve("tour.log");

    Skep skep = Skep.on(data).plain().start();
    Process tour = bash(work, skep, folder, log);
    try (skep;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(tour.getInputStream(), StandardCharsets.UTF_8));
        Writer answers = tour.outputWriter(StandardCharsets.UTF_8)) {
      assertThat(lines.lines().anyMatch(HERE::equals)).as(() -> read(log)).isTrue();
      skep.kill();
      try (Skep again = Skep.on(data).plain().start()) {
        answers.write(again.base() + "/api/v1\n");
        answers.flush();
        assertThat(lines.lines().toList()).as("what diff -r has found").isEmpty();
        assertThat(tour.waitFor()).as(() -> read(log)).isZero();
        assertThat(filesBelow(again.admin(), "/home/docs/moved"))
            .as("files on the server, none more than in the source")
            .isEqualTo(count(folder));
      }
    } finally {
      tour.destroyForcibly();
    }
    run(work, "rm", "-rf", work.toString());
  }

  private static String big() {
    String bytes = System.getenv("TOUR_BIG");
    return bytes == null ? Tier.count(256, 2048) + "M" : bytes;
  }

  private static Process bash(Path work, Skep skep, Path folder, Path log) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("bash", tour(work).toString())
            .directory(README.getParent().toFile())
            .redirectError(log.toFile());
    bash.environment().put("API", skep.base() + "/api/v1");
    bash.environment().put("DATA", skep.data().toString());
    bash.environment().put("FOLDER", folder.toString());
    bash.environment().put("BACK_IN", work.toString());
    bash.environment().put("LC_ALL", "C.UTF-8");
    return bash.start();
  }

  /** The README's blocks as one script; what those before the kill print goes to the log. */
  private static Path tour(Path work) throws IOException {
    String readme = Files.readString(README);
    String before = blocks(readme, "tour");
    String after = blocks(readme, "tour: after kill -9");
    assertThat(before).contains("curl", "--parallel");
    assertThat(after).contains("diff -r");
    Path script = work.resolve("tour.sh");
    Files.writeString(
        script,
        """
        set -euo pipefail
        trap 'echo "FAILED: $BASH_COMMAND" >&2' ERR
        {
        %s
        } >&2
        echo '%s'
        read -r API
        %s
        """
            .formatted(before, HERE, after));
    return script;
  }

  private static String blocks(String readme, String mark) {
    List<String> blocks =
        BLOCK
            .matcher(readme)
            .results()
            .filter(block -> block.group(1).equals(mark))
            .map((MatchResult block) -> block.group(2))
            .toList();
    return String.join("\n", blocks);
  }

  private static long filesBelow(Client client, String path) {
    long files = 0;
    Deque<String> folders = new ArrayDeque<>();
    folders.add(client.get("/nodes/lookup?path=" + path).is(200).id());
    while (!folders.isEmpty()) {
      String folder = folders.remove();
      String next = "";
      do {
        JsonNode page =
            client.get("/nodes/" + folder + "/children?limit=1000" + next).is(200).json();
        for (JsonNode node : page.path("items")) {
          if (node.path("type").asText().equals("folder")) {
            folders.add(node.path("id").asText());
          } else {
            files++;
          }
        }
        next =
            page.has("nextCursor")
                ? "&cursor="
                    + URLEncoder.encode(page.get("nextCursor").asText(), StandardCharsets.UTF_8)
                : "";
      } while (!next.isEmpty());
    }
    return files;
  }

  private static long count(Path folder) throws Exception {
    Process find =
        new ProcessBuilder("find", folder.toString(), "-type", "f", "-printf", ".").start();
    return find.getInputStream().readAllBytes().length;
  }

  private static Path script(String name) throws Exception {
    return Path.of(ReadmeTourTest.class.getResource(name).toURI());
  }

  private static void run(Path work, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s in %s: %s", List.of(command), work, output).isZero();
  }

  private static String read(Path log) {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - 4000));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
