package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.domain.content.ContentCheck;
import dev.skep.domain.content.ContentCheck.Finding;
import dev.skep.domain.content.ContentCheck.Problem;
import dev.skep.port.CannotOpen;
import dev.skep.port.objects.embedded.EmbeddedObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectsConfig;
import dev.skep.port.sql.embedded.EmbeddedSqlConfig;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares what is stored with what is named, in the data folder of a Skep that is stopped. Removes
 * and mends nothing; opening brings the folder into the state that the next start would.
 */
@Command(
    name = "check",
    description = {
      "Looks, in the data folder of a Skep that is stopped, whether every content has its blobs,"
          + " every blob is named and small contents are undamaged. Prints what does not agree, then how much that is; the exit code"
          + " is 0 when all agrees, else 1. Changes nothing."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Option(names = "--embedded", description = "what is checked is kept on this machine")
  boolean embedded;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Preparation preparation =
        Preparation.of(
            embedded, SkepConfig.class, EmbeddedSqlConfig.class, EmbeddedObjectsConfig.class);
    if (preparation.isRefused()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    var config = preparation.config();
    Path data = config.getConfigMapping(SkepConfig.class).data();
    if (!Files.isDirectory(data)) {
      return refuse("skep.data: the folder " + data + " is not there, so nothing can be checked.");
    }
    EmbeddedSqlStore sql = new EmbeddedSqlStore(config.getConfigMapping(EmbeddedSqlConfig.class));
    EmbeddedObjectStore objects =
        new EmbeddedObjectStore(config.getConfigMapping(EmbeddedObjectsConfig.class));
    try (DataFolder held = DataFolder.open(data)) {
      sql.open();
      objects.open();
      return tell(new ContentCheck(sql, objects).findings());
    } catch (CannotOpen e) {
      return refuse(e.line());
    } catch (SkepException e) {
      return refuse(e.detail());
    } finally {
      objects.close();
      sql.close();
    }
  }

  private int tell(List<Finding> findings) {
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : findings) {
      out.printf("%s %s: %s%n", word(finding.problem()), finding.what(), finding.detail());
    }
    out.println(
        Arrays.stream(Problem.values())
            .map(problem -> count(findings, problem))
            .collect(Collectors.joining(", ")));
    out.flush();
    return findings.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static String count(List<Finding> findings, Problem problem) {
    long count = findings.stream().filter(finding -> finding.problem() == problem).count();
    return (count == 0 ? "no" : Long.toString(count)) + " " + word(problem);
  }

  private static String word(Problem problem) {
    return problem.name().toLowerCase(Locale.ROOT);
  }

  private int refuse(String reason) {
    spec.commandLine().getErr().println("Skep cannot check: " + reason);
    spec.commandLine().getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
