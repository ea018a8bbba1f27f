package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The kernel's own record (strace) of what is forced to the disk before an answer leaves; a {@code
 * kill -9} cannot show that, since it keeps what the kernel has not yet written (P1).
 */
final class ForcesBeforeAnswersTest {

  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final Pattern PATH = Pattern.compile("^\\d+<([^>]*)>");

  /** Something in the trace that counts: a force that has succeeded, or the text of a socket. */
  private record Event(String what, String text) {}

  @Test
  void anUploadIsAnsweredAfterItsBlobItsFolderAndTheLogWereForced() throws Exception {
    Path trace = Skep.newFolder("strace").resolve("trace.txt");
    Skep skep = traced(trace);
    try {
      Client admin = skep.admin();
      admin.put("/files/home/warm-up", "so that the next one is like any other").is(201);
      admin.put("/files/home/traced-upload", "what must not be lost").is(201);
      admin.put("/files/home/traced-folder/", new byte[0]).is(201);
    } finally {
      skep.process().descendants().forEach(ProcessHandle::destroy);
      skep.awaitEnd(Duration.ofSeconds(60));
    }
    List<Event> events = events(trace);

    List<Event> upload = between(events, "PUT /api/v1/files/home/traced-upload ");
    List<String> forced = upload.stream().map(Event::text).toList();
    System.out.println("Forced between an upload and its 201: " + forced);
    Path objects = skep.data().resolve("objects");
    int blob =
        first(forced, it -> it.startsWith(objects + "/") && Files.isRegularFile(Path.of(it)));
    int blobByOldName =
        first(forced, it -> it.startsWith(objects + "/") && !Files.exists(Path.of(it)));
    int folder =
        first(forced, it -> it.startsWith(objects.toString()) && Files.isDirectory(Path.of(it)));
    int log = forced.lastIndexOf(skep.data().resolve("sql/skep.db-wal").toString());
    int bytes = Math.max(blob, blobByOldName);
    assertThat(bytes).as("the force of the blob in %s", forced).isNotNegative();
    assertThat(folder).as("the force of the blob's folder in %s", forced).isGreaterThan(bytes);
    assertThat(log).as("the force of the log in %s", forced).isGreaterThan(folder);

    assertThat(between(events, "PUT /api/v1/files/home/traced-folder/ "))
        .as("forced between a new folder and its 201")
        .extracting(Event::text)
        .contains(skep.data().resolve("sql/skep.db-wal").toString());
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
            "80",
            "-o",
            trace.toString(),
            "-e",
            "trace=fsync,fdatasync,msync,read,recvfrom,write,writev,sendto,sendmsg")
        .start();
  }

  /** What was forced after this request was read and before its 201 was written. */
  private static List<Event> between(List<Event> events, String request) {
    List<Event> found = new ArrayList<>();
    boolean inside = false;
    for (Event event : events) {
      if (event.what.equals("socket") && event.text.contains(request)) {
        inside = true;
      } else if (inside && event.what.equals("socket") && event.text.contains("HTTP/1.1 201")) {
        return found;
      } else if (inside && event.what.equals("forced")) {
        found.add(event);
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
      if (line.contains("PUT /api/v1/") || line.contains("HTTP/1.1 201")) {
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
