package dev.skep.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The threads of this process by their names, virtual ones too. */
public final class Strands {

  private static final Pattern NAME = Pattern.compile("#\\d+ \"([^\"]*)\"");

  private Strands() {}

  public static List<String> named(String regex) {
    try {
      Path folder = Files.createTempDirectory("skep-threads");
      Path file = folder.resolve("threads");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      List<String> names =
          NAME.matcher(Files.readString(file))
              .results()
              .map(match -> match.group(1))
              .filter(name -> name.matches(regex))
              .toList();
      Files.delete(file);
      Files.delete(folder);
      return names;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
