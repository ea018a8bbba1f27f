package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kernel's own record (strace) of what is forced to the disk before an answer leaves; a {@code
 * kill -9} cannot show that, since it keeps what the kernel has not yet written (P1).
 */
@Tag("P1")
final class ForcesBeforeAnswersTest {

  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final String SETTING = "/settings/identity.session-hours";
  private static final String ANSWER = "HTTP/1.1 2";
  private static final Pattern PATH = Pattern.compile("^\\d+<([^>]*)>");

  /** More than is kept in the database. */
  private static final String LARGE = "what must not be lost ".repeat(1000);

  /** Something in the trace that counts: a force that has succeeded, or the text of a socket. */
  private record Event(String what, String text) {}

  private final Set<String> shards = new HashSet<>();
  private final Path trace = Skep.newFolder("strace").resolve("trace.txt");

  @Test
  void whatIsAnsweredWasForcedBefore() throws Exception {
    List<String> changes = new ArrayList<>();
    Skep skep = traced(trace);
    try {
      Client admin = skep.admin();
      admin.put("/files/home/warm-up", LARGE).is(201);
      shards.addAll(shards(skep.data()));
      admin.put("/files/home/traced-upload", LARGE).is(201);
      admin.put("/files/home/traced-small", "what must not be lost").is(201);
      change(skep, changes);
      admin.putJson(SETTING, "{'value':48}").is(200);
    } finally {
      skep.process().descendants().forEach(ProcessHandle::destroy);
      skep.awaitEnd(Duration.ofSeconds(60));
    }
    List<Event> events = events(trace);
    List<String> upload = forced(events, "PUT /api/v1/files/home/traced-upload ");
    assertUpload(upload, skep.data());
    assertNewFolders(events, upload, skep.data());
    String log = skep.data().resolve("sql/skep.db-wal").toString();
    assertThat(forced(events, "PUT /api/v1/files/home/traced-small "))
        .as("forced before the answer to a small upload: the database's log and nothing else")
        .containsOnly(log);
    for (String request : changes) {
      assertThat(forced(events, request))
          .as("forced before the answer to " + request)
          .contains(log);
    }
    assertSetting(forced(events, "PUT /api/v1" + SETTING), skep.data().resolve("config"));
    System.out.println("Forced before each answer to: " + changes);
  }

  /** One of each kind of change that only the database holds; notes the requests. */
  private static void change(Skep skep, List<String> changes) {
    Client admin = skep.admin();
    String folder = noted(changes, admin, "PUT", "/files/home/traced-folder/").is(201).id();
    String file = admin.put("/files/home/traced-file", "one").is(201).id();
    admin.put("/files/home/traced-file", "two").is(200);
    String move = "/nodes/" + file;
    admin.patch(move, "{'parentId':'" + folder + "'}").is(200);
    changes.add("PATCH /api/v1" + move);
    String oldest = admin.get(move + "/versions").is(200).items("id").getLast();
    noted(changes, admin, "POST", move + "/versions/" + oldest + "/restore").is(200);
    admin.post(move + "/copy", "{'parentId':'" + folder + "','name':'copy'}").is(201);
    changes.add("POST /api/v1" + move + "/copy");
    noted(changes, admin, "DELETE", move).is(204);
    noted(changes, admin, "POST", "/trash/" + file + "/restore").is(200);
    noted(changes, admin, "DELETE", "/nodes/" + folder).is(204);
    noted(changes, admin, "DELETE", "/trash/" + folder).is(204);
  }

  private static Answer noted(List<String> changes, Client client, String method, String path) {
    changes.add(method + " /api/v1" + path + " ");
    return client.request(method, path).send();
  }

  private static void assertUpload(List<String> forced, Path data) {
    System.out.println("Forced between an upload and its 201: " + forced);
    Path objects = data.resolve("objects");
    int blob =
        first(forced, it -> it.startsWith(objects + "/") && Files.isRegularFile(Path.of(it)));
    int blobByOldName =
        first(forced, it -> it.startsWith(objects + "/") && !Files.exists(Path.of(it)));
    int folder =
        first(forced, it -> it.startsWith(objects.toString()) && Files.isDirectory(Path.of(it)));
    int log = forced.lastIndexOf(data.resolve("sql/skep.db-wal").toString());
    int bytes = Math.max(blob, blobByOldName);
    assertThat(bytes).as("the force of the blob in %s", forced).isNotNegative();
    assertThat(folder).as("the force of the blob's folder in %s", forced).isGreaterThan(bytes);
    assertThat(log).as("the force of the log in %s", forced).isGreaterThan(folder);
  }

  /**
   * A folder is durable once its parent was forced: that of the new shard, and that of the data
   * folder, which was there before the start, as if left by a process that was killed.
   */
  private void assertNewFolders(List<Event> events, List<String> upload, Path data)
      throws IOException {
    List<String> all =
        events.stream().filter(it -> it.what.equals("forced")).map(Event::text).toList();
    assertThat(all).as("forced by the start").contains(data.getParent().toString());
    Path blobs = data.resolve("objects/blobs");
    assertThat(all).as("forced by the first upload").contains(blobs.toString());
    String shard =
        upload.stream().filter(it -> it.startsWith(blobs + "/")).findFirst().orElseThrow();
    if (!shards.contains(shard)) {
      assertThat(upload.indexOf(blobs.toString())).isBetween(0, upload.indexOf(shard));
    }
  }

  private static Set<String> shards(Path data) throws IOException {
    try (Stream<Path> folders = Files.list(data.resolve("objects/blobs"))) {
      return folders.map(Path::toString).collect(Collectors.toSet());
    }
  }

  private static void assertSetting(List<String> forced, Path config) {
    System.out.println("Forced between a setting and its 200: " + forced);
    int file = forced.indexOf(config.resolve("settings.json.tmp").toString());
    int folder = forced.lastIndexOf(config.toString());
    assertThat(file).as("the force of the settings in %s", forced).isNotNegative();
    assertThat(folder).as("the force of their folder in %s", forced).isGreaterThan(file);
  }

  private static Skep traced(Path trace) throws IOException {
    try {
      new ProcessBuilder("strace", "-V").redirectErrorStream(true).start().onExit().join();
    } catch (IOException e) {
      String why = "SKIPPED: strace is not here: " + e.getMessage();
      System.out.println(why);
      Assumptions.abort(why);
    }
    return Skep.on(Skep.newFolder("skep-data"))
        .under(
            "strace",
            "-f",
            "-y",
            "-s",
            "160",
            "-o",
            trace.toString(),
            "-e",
            "trace=fsync,fdatasync,msync,read,recvfrom,write,writev,sendto,sendmsg")
        .start();
  }

  /** What was forced after this request was read and before its answer was written. */
  private static List<String> forced(List<Event> events, String request) {
    List<String> found = new ArrayList<>();
    boolean inside = false;
    for (Event event : events) {
      if (event.what.equals("socket") && event.text.contains("\"" + request)) {
        inside = true;
        found.clear();
      } else if (inside && event.what.equals("socket") && event.text.contains("\"" + ANSWER)) {
        return found;
      } else if (inside && event.what.equals("forced")) {
        found.add(event.text);
      }
    }
    throw new AssertionError("the trace does not hold " + request + " and its answer");
  }

  private static int first(List<String> paths, java.util.function.Predicate<String> matching) {
    for (int i = 0; i < paths.size(); i++) {
      if (matching.test(paths.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** A force counts where it has returned; what is written counts where its call begins. */
  private static List<Event> events(Path trace) throws IOException {
    List<Event> events = new ArrayList<>();
    Map<String, String> unfinished = new HashMap<>();
    for (String line : Files.readAllLines(trace, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      Matcher call = CALL.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      if (line.contains(" /api/v1/") || line.contains("\"" + ANSWER)) {
        events.add(new Event("socket", line));
      } else if (call.matches() && isForce(call.group(2))) {
        if (line.endsWith("<unfinished ...>")) {
          unfinished.put(call.group(1), path(call.group(3)));
        } else if (line.endsWith("= 0")) {
          events.add(new Event("forced", path(call.group(3))));
        }
      } else if (resumed.matches() && isForce(resumed.group(2)) && line.endsWith("= 0")) {
        events.add(new Event("forced", unfinished.remove(resumed.group(1))));
      }
    }
    return events;
  }

  private static boolean isForce(String call) {
    return call.equals("fsync") || call.equals("fdatasync");
  }

  private static String path(String arguments) {
    Matcher path = PATH.matcher(arguments);
    return path.find() ? path.group(1) : arguments;
  }
}
