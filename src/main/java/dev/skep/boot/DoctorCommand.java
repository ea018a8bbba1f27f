package dev.skep.boot;

import dev.skep.port.CannotOpen;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at every store of the configuration given, and says what is wrong and how to mend it. */
@Command(
    name = "doctor",
    description = {
      "Opens every store of the configuration given, asks each once, and prints how long that took,"
          + " which server answered, what is wrong and how to mend it. The exit code is 0 when all is"
          + " well, else 1. Changes no data; what a start would set up (tables, marks) it may set up"
          + " too."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  private static final String NOT_YET = "not there yet, the first start makes it";
  private static final String IN_USE = "in use by a running Skep, which answers for it";

  @Option(names = "--embedded", description = "look at what is kept on this machine")
  boolean embedded;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  private final Supplier<SmallRyeConfigBuilder> configuration;

  DoctorCommand() {
    this(ConfigUtils::configBuilder);
  }

  DoctorCommand(Supplier<SmallRyeConfigBuilder> configuration) {
    this.configuration = configuration;
  }

  @Override
  public Integer call() throws IOException {
    if (embedded) {
      System.setProperty(DriverSet.KEY, DriverSet.EMBEDDED.word());
    }
    SmallRyeConfig config = configuration.get().build();
    ConfigurationCheck.Result result =
        new ConfigurationCheck(Catalogue.OF_THIS_BUILD).check(config);
    if (!result.problems().isEmpty()) {
      spec.commandLine().getErr().println(new Report(result.problems(), !embedded).text());
      spec.commandLine().getErr().flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
    Path data = Path.of(config.getConfigValue("skep.data").getValue());
    try (Workbench workbench = new Workbench(configuration)) {
      return tell(examineAll(workbench, result.choice(), data));
    }
  }

  private static List<Examination> examineAll(Workbench workbench, Choice choice, Path data)
      throws IOException {
    List<ChosenDriver> chosen = new ArrayList<>();
    choice
        .drivers()
        .forEach(
            (port, name) -> chosen.add(new ChosenDriver(port, name, workbench.driver(port, name))));
    String folder = choice.usesDataFolder() ? wordOf(data) : null;
    if (folder != null) {
      return all(
          chosen,
          one -> one.isEmbedded() ? Examination.untouched(one, folder) : Examination.of(one));
    }
    if (!choice.usesDataFolder()) {
      return all(chosen, Examination::of);
    }
    try (DataFolder held = DataFolder.open(data)) {
      return all(chosen, Examination::of);
    } catch (CannotOpen e) {
      return all(
          chosen,
          one ->
              one.isEmbedded()
                  ? new Examination(one, "", "", "WRONG", e.line())
                  : Examination.of(one));
    }
  }

  /** Why the data folder must be left alone, if it must. */
  private static @Nullable String wordOf(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      return Files.exists(data) ? null : NOT_YET;
    }
    return DataFolder.isHeld(data) ? IN_USE : null;
  }

  /** All at once: of several servers that do not answer each has its own patience. */
  private static List<Examination> all(
      List<ChosenDriver> chosen, Function<ChosenDriver, Examination> examine) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return chosen.stream()
          .map(one -> CompletableFuture.supplyAsync(() -> examine.apply(one), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private int tell(List<Examination> examinations) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Skep %s, Java %s%n%n", Version.read(), Runtime.version().feature());
    int target =
        examinations.stream()
            .mapToInt(it -> it.chosen().driver().target().length())
            .max()
            .orElse(6);
    String line = "  %-12s %-10s %-" + Math.max(target, 6) + "s  %-20s %9s  %s%n";
    out.printf(line, "port", "driver", "target", "server", "latency", "");
    for (Examination one : examinations) {
      out.printf(
          line,
          one.chosen().port().word(),
          one.chosen().name(),
          one.chosen().driver().target(),
          one.server(),
          one.latency(),
          one.word());
    }
    List<String> problems =
        examinations.stream()
            .filter(one -> !one.isWell())
            .map(one -> one.chosen().port().word() + ": " + one.problem())
            .toList();
    out.println();
    if (problems.isEmpty()) {
      out.println("All is well.");
    } else {
      out.println(problems.size() == 1 ? "One problem:" : problems.size() + " problems:");
      problems.forEach(problem -> out.println("  " + problem));
    }
    out.flush();
    return problems.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
