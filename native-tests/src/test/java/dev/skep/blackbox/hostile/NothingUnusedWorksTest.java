package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On embedded drivers the clients of servers do nothing: the artefact holds all of them. */
final class NothingUnusedWorksTest {

  /** What none of the embedded drivers needs. */
  private static final List<String> CLIENTS =
      List.of(
          "io.etcd.",
          "io.grpc.",
          "io.nats.",
          "io.vertx.mysqlclient.",
          "io.vertx.sqlclient.",
          "io.vertx.redis.",
          "org.apache.curator.",
          "org.apache.zookeeper.",
          "org.mariadb.",
          "software.amazon.");

  private static final String ESTABLISHED = "01";

  @Test
  void noClassOfAClientIsLoadedNoThreadStartedAndNoConnectionOpened() throws Exception {
    Path classes = Skep.newFolder("skep-classes").resolve("loaded.txt");
    try (Skep skep =
        Skep.on(Skep.newFolder("skep-data"))
            .plain()
            .javaOption("-Xlog:class+load:file=" + classes)
            .start()) {
      skep.admin().put("/files/home/a.txt", "a").is(201);
      skep.admin().get("/files/home/a.txt").is(200);

      assertThat(loaded(classes)).isNotEmpty().noneMatch(NothingUnusedWorksTest::isOfAClient);
      assertThat(threads(skep))
          .isNotEmpty()
          .noneMatch(
              name -> name.matches("(?i).*(etcd|grpc|nats|redis|mysql|curator|zk|zoo|sdk).*"));
      assertThat(connectionsToOthers(skep)).isEmpty();
    }
  }

  private static boolean isOfAClient(String name) {
    return CLIENTS.stream().anyMatch(name::startsWith);
  }

  /** Lines such as {@code [0.1s][info][class,load] java.lang.Object source: …}. */
  private static List<String> loaded(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(line -> line.substring(line.lastIndexOf(']') + 1).strip().split(" ")[0])
          .toList();
    }
  }

  private static List<String> threads(Skep skep) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(proc(skep).resolve("task"))) {
      for (Path task : tasks.toList()) {
        names.add(Files.readString(task.resolve("comm")).strip());
      }
    }
    return names;
  }

  /** Remote ends, as the kernel writes them, of connections that nobody made to Skep's own port. */
  private static List<String> connectionsToOthers(Skep skep) throws IOException {
    Set<String> own = sockets(skep);
    String ownPort = ":%04X".formatted(skep.port());
    List<String> found = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(proc(skep).resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        boolean isOurs = fields.length > 9 && own.contains(fields[9]);
        if (isOurs && fields[3].equals(ESTABLISHED) && !fields[1].endsWith(ownPort)) {
          found.add(fields[2]);
        }
      }
    }
    return found;
  }

  private static Set<String> sockets(Skep skep) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(proc(skep).resolve("fd"))) {
      for (Path file : files.toList()) {
        String target = target(file);
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    return inodes;
  }

  /** A descriptor may be closed while it is looked at. */
  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static Path proc(Skep skep) {
    return Path.of("/proc", Long.toString(skep.process().pid()));
  }
}
