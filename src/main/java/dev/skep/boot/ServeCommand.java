package dev.skep.boot;

import io.quarkus.runtime.Quarkus;
import io.smallrye.config.SmallRyeConfig;
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

  private static final String LOG_JSON = "skep.log.json";

  @Option(
      names = "--embedded",
      description = "keep everything on this machine, with nothing else to install")
  boolean embedded;

  @Override
  public Integer call() throws IOException {
    Preparation preparation = Preparation.of(embedded);
    if (preparation.isRefused()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    leaveAddressesToTheApi();
    leaveUpgradesToTheApi();
    logAsJsonBesideOthers(preparation.config());
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

  /** {@code UpgradesWithoutContent} says which connections may be upgraded. */
  private static void leaveUpgradesToTheApi() {
    System.setProperty("io.netty.bootstrap.extensions", "serviceload");
  }

  /**
   * Many replicas' logs are collected by a program; whoever starts one replica reads it himself.
   */
  private static void logAsJsonBesideOthers(SmallRyeConfig config) {
    boolean clustered =
        !DriverSet.EMBEDDED.word().equals(config.getConfigValue(DriverSet.KEY).getValue());
    if (clustered && config.getConfigValue(LOG_JSON).getValue() == null) {
      System.setProperty(LOG_JSON, "true");
    }
  }
}
