package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the person who starts Skep gets in, and nobody else does. */
final class FirstAdministratorTest {

  private final Path data = Skep.newFolder("skep-data");

  @Test
  void theSecretsAreInOneFileForItsOwnerOnly() throws Exception {
    try (Skep skep = Skep.on(data).start()) {
      Path file = data.resolve("admin");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
      assertThat(Files.readAllLines(file))
          .extracting(line -> line.substring(0, line.indexOf('=')))
          .containsExactly("user", "session", "password");
      logIn(skep, skep.adminFile("password")).is(201);
    }
  }

  @Test
  void withoutATerminalTheFileIsNamedAndNoSecretIsPrinted() throws Exception {
    try (Skep skep = Skep.on(data).start()) {
      String session = skep.adminFile("session");
      String password = skep.adminFile("password");
      Client admin = skep.admin();
      String made = logIn(skep, password).is(201).text("token");
      admin.put("/files/home/a.txt", "a").is(201);
      skep.as("admin", password).get("/me").is(401);
      skep.stop();

      assertThat(skep.output())
          .contains("Skep is ready in ", "sign in   admin, with the session in " + data + "/admin")
          .doesNotContain(session, password, made);
      assertThat(filesThatHold(data, made)).isEmpty();
      assertThat(filesThatHold(data, session)).containsExactly(data.resolve("admin"));
      assertThat(filesThatHold(data, password)).containsExactly(data.resolve("admin"));
    }
  }

  @Test
  void eachStartReplacesItsSessionAndKeepsTheOthers() {
    String first;
    String other;
    try (Skep skep = Skep.on(data).start()) {
      first = skep.adminFile("session");
      other = logIn(skep, skep.adminFile("password")).is(201).text("token");
      skep.admin().get("/me").is(200);
    }
    try (Skep again = Skep.on(data).start()) {
      assertThat(again.adminFile("session")).isNotEqualTo(first);
      again.as("admin", first).get("/me").isProblem(401, "unauthenticated");
      again.as("admin", other).get("/me").is(200);
      again.admin().get("/me").is(200);
    }
  }

  @Test
  void thePasswordLineGoesOnceThePasswordWasChanged() throws Exception {
    try (Skep skep = Skep.on(data).start()) {
      skep.admin()
          .putJson(
              "/users/admin/password",
              "{'password':'a new and longer one','current':'%s'}"
                  .formatted(skep.adminFile("password")))
          .is(204);
    }
    try (Skep again = Skep.on(data).start()) {
      assertThat(Files.readString(data.resolve("admin"))).doesNotContain("password=");
      logIn(again, "a new and longer one").is(201);
    }
  }

  @Test
  void aGivenPasswordCountsOnlyWhileNoUserExists() throws Exception {
    try (Skep skep = Skep.on(data).with("SKEP_ADMIN_PASSWORD", "chosen by the operator").start()) {
      assertThat(Files.readString(data.resolve("admin"))).doesNotContain("password=", "chosen");
      logIn(skep, "chosen by the operator").is(201);
      assertThat(skep.output()).doesNotContain("chosen by the operator");
    }
    try (Skep again = Skep.on(data).with("SKEP_ADMIN_PASSWORD", "another one, later").start()) {
      logIn(again, "another one, later").isProblem(401, "unauthenticated");
      logIn(again, "chosen by the operator").is(201);
    }
  }

  @Test
  void aPasswordIsTakenAsItIsWritten() {
    try (Skep skep = Skep.on(data).with("SKEP_ADMIN_PASSWORD", "pa$$word-${1}").start()) {
      logIn(skep, "pa$$word-${1}").is(201);
    }
  }

  @Test
  void thePasswordMayLieInAFileThatIsGoneLater() throws Exception {
    Path file = Files.writeString(Skep.newFolder("secrets").resolve("admin"), "of a file, $$\n");
    try (Skep skep = Skep.on(data).with("SKEP_ADMIN_PASSWORD_FILE", file.toString()).start()) {
      assertThat(Files.readString(data.resolve("admin"))).doesNotContain("password=");
      logIn(skep, "of a file, $$").is(201);
    }
    Files.delete(file);
    try (Skep again = Skep.on(data).with("SKEP_ADMIN_PASSWORD_FILE", file.toString()).start()) {
      logIn(again, "of a file, $$").is(201);
    }
  }

  @Test
  void nothingListensButOnLoopback() throws Exception {
    try (Skep skep = Skep.on(data).start()) {
      skep.admin().get("/me").is(200);
      List<InetAddress> others = new ArrayList<>();
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        network.inetAddresses().filter(it -> !it.isLoopbackAddress()).forEach(others::add);
      }
      for (InetAddress address : others) {
        assertThat(answers(address, skep.port())).as(address.toString()).isFalse();
      }
      assertThat(listeningAddresses(skep.process().pid()))
          .isNotEmpty()
          .allMatch(it -> it.startsWith("127.0.0.1:") || it.contains("[::ffff:127.0.0.1]"));
    }
  }

  private static boolean answers(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Local addresses of the process' listening TCP sockets, of /proc. */
  private static List<String> listeningAddresses(long pid) throws IOException {
    List<String> inodes;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      inodes = descriptors.map(FirstAdministratorTest::target).toList();
    }
    List<String> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] columns = line.strip().split("\\s+");
        boolean listening = columns[3].equals("0A");
        if (listening && inodes.contains("socket:[" + columns[9] + "]")) {
          found.add(address(columns[1]));
        }
      }
    }
    return found;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  /** The kernel writes addresses in hexadecimal, each word in the machine's byte order. */
  private static String address(String hex) {
    String port = hex.substring(hex.indexOf(':') + 1);
    return switch (hex.substring(0, hex.indexOf(':'))) {
      case "0100007F" -> "127.0.0.1:" + Integer.parseInt(port, 16);
      case "0000000000000000FFFF00000100007F" -> "[::ffff:127.0.0.1]:" + Integer.parseInt(port, 16);
      default -> hex;
    };
  }

  private static List<Path> filesThatHold(Path folder, String text) throws Exception {
    Process grep =
        new ProcessBuilder("grep", "-rlaF", "--", text, folder.toString())
            .redirectErrorStream(true)
            .start();
    List<Path> found =
        new String(grep.getInputStream().readAllBytes()).lines().map(Path::of).toList();
    assertThat(grep.waitFor()).isLessThanOrEqualTo(1);
    return found;
  }

  private static dev.skep.blackbox.Answer logIn(Skep skep, String password) {
    return skep.nobody()
        .request("POST", "/sessions")
        .type("application/json")
        .text("{\"name\":\"admin\",\"password\":\"" + password + "\"}")
        .send();
  }
}
