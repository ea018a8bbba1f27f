package dev.skep.boot;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a replica and runs it until it is stopped. */
@Command(
    name = "serve",
    description = "Starts a replica and runs it until it is stopped.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Option(
      names = "--embedded",
      description = "keep everything on this machine, with nothing else to install")
  boolean embedded;

  @Override
  public Integer call() throws IOException {
    if (Preparation.of(embedded).isRefused()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    leaveAddressesToTheApi();
    Quarkus.run(Service.class, Ending::because);
    return CommandLine.ExitCode.OK;
  }

  /**
   * Quarkus would answer a broken address before any filter, and bare; {@code RequestHeadGuard}
   * makes the same check and answers with a problem document.
   */
  private static void leaveAddressesToTheApi() {
    System.setProperty("vertx.disableURIValidation", "true");
  }
}
