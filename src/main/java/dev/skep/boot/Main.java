package dev.skep.boot;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The process begins here: reads the command line and hands over to one command. */
@QuarkusMain
@Command(
    name = "skep",
    description = "A self-hosted content platform: files, folders, people, sharing.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {ServeCommand.class, CheckCommand.class, DoctorCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  public static void main(String... args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != 0) {
      Ending.exit(exitCode);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }
}
