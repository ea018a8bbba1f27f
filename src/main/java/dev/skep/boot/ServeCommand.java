package dev.skep.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    if (embedded) {
      System.setProperty("skep.drivers", "embedded");
    }
    SmallRyeConfig config = configuration();
    List<String> problems = problems(config);
    if (!problems.isEmpty()) {
      boolean clustered = !DriverSet.EMBEDDED.word().equals(config.getRawValue(DriverSet.KEY));
      System.err.println(new Report(problems, clustered).text());
      return CommandLine.ExitCode.SOFTWARE;
    }
    leaveAddressesToTheApi();
    Quarkus.run(Service.class, Ending::because);
    return CommandLine.ExitCode.OK;
  }

  private static List<String> problems(SmallRyeConfig config) throws IOException {
    ConfigurationCheck.Result result =
        new ConfigurationCheck(Catalogue.OF_THIS_BUILD).check(config);
    List<String> problems = new ArrayList<>(result.problems());
    Optional<Path> data =
        Optional.ofNullable(config.getConfigValue("skep.data").getValue()).map(Path::of);
    if (result.choice().usesDataFolder() && data.isPresent()) {
      DataFolder.problem(data.get()).ifPresent(problems::add);
    }
    return problems;
  }

  /**
   * Quarkus would answer a broken address before any filter, and bare; {@code RequestHeadGuard}
   * makes the same check and answers with a problem document.
   */
  private static void leaveAddressesToTheApi() {
    System.setProperty("vertx.disableURIValidation", "true");
  }

  /** Read before Quarkus does, whose own check would end the process at its first finding. */
  private static SmallRyeConfig configuration() {
    return ConfigUtils.configBuilder().build();
  }
}
