package dev.skep.boot;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration as a command finds it, with all that is wrong with it. It is read before
 * Quarkus does, whose own check would end the process at its first finding.
 */
record Preparation(SmallRyeConfig config, List<String> problems) {

  /**
   * @param embedded whether the command line chooses the embedded drivers
   * @param mappings what the command itself reads of the configuration
   */
  static Preparation of(boolean embedded, Class<?>... mappings) throws IOException {
    if (embedded) {
      System.setProperty(DriverSet.KEY, DriverSet.EMBEDDED.word());
    }
    SmallRyeConfig config = ConfigUtils.configBuilder().build();
    List<String> problems = problems(config);
    return new Preparation(
        problems.isEmpty() && mappings.length > 0 ? withMappings(mappings) : config, problems);
  }

  /** Tells what is wrong; false when nothing is. */
  boolean isRefused() {
    if (problems.isEmpty()) {
      return false;
    }
    boolean clustered = !DriverSet.EMBEDDED.word().equals(config.getRawValue(DriverSet.KEY));
    System.err.println(new Report(problems, clustered).text());
    return true;
  }

  private static List<String> problems(SmallRyeConfig config) throws IOException {
    ConfigurationCheck.Result result =
        new ConfigurationCheck(Catalogue.OF_THIS_BUILD).check(config);
    List<String> problems = new ArrayList<>(result.problems());
    String data = config.getConfigValue("skep.data").getValue();
    if (result.choice().usesDataFolder() && data != null && !data.isEmpty()) {
      problem(data).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<String> problem(String data) throws IOException {
    try {
      return DataFolder.problem(Path.of(data));
    } catch (InvalidPathException e) {
      return Optional.empty(); // told with the other values that are none
    }
  }

  /** Only once nothing is wrong: a mapping ends at its first finding. */
  private static SmallRyeConfig withMappings(Class<?>... mappings) {
    SmallRyeConfigBuilder builder = ConfigUtils.configBuilder();
    for (Class<?> mapping : mappings) {
      builder.withMapping(mapping);
    }
    return builder.build();
  }
}
