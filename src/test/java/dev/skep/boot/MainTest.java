package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("serve   Starts a replica", "check   Looks", "doctor  Opens");
  }

  @Test
  void helpOfCheckTellsWhatItsExitCodeMeans() {
    assertThat(run("check", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("the exit code is 0 when all agrees, else 1", "--embedded");
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("skep \\d+\\.\\d+\\.\\d+\\S*\\s+");
  }

  @Test
  void anUnknownWordIsToldWithWhatThereIs() {
    assertThat(run("sevre")).isEqualTo(2);
    assertThat(err.toString()).contains("sevre").contains("serve");
  }

  @Test
  void anUnknownOptionIsToldWithWhatThereIs() {
    assertThat(run("serve", "--embeded")).isEqualTo(2);
    assertThat(err.toString()).contains("--embeded").contains("--embedded");
  }

  @Test
  void noWordAtAllIsToldWithWhatThereIs() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("serve   Starts a replica");
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(args);
  }
}
