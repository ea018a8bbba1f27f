package dev.skep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What {@code ./skep test} prints at its end, read from the reports of Surefire and {@code
 * ClassCounts}: every skipped test with its reason, a table of what was proven for which port,
 * driver and server, and the sum. A skip without a reason, like a failure, makes the exit code 1.
 *
 * <p>A test class names the server it ran on by printing a line {@code [server] PORT DRIVER NAME
 * VERSION}, or why it could not: {@code [unproven] PORT DRIVER REASON}.
 */
public final class TestTable {

  private static final Pattern DRIVER_TEST =
      Pattern.compile("dev\\.skep\\.port\\.([a-z]+)\\.([a-z0-9]+)\\..+");
  private static final Pattern SERVER =
      Pattern.compile("^\\[(server|unproven)] (\\S+) (\\S+) (.+)$", Pattern.MULTILINE);

  private final Map<String, Row> rows = new TreeMap<>();
  private final List<String> skips = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int passed;
  private int failed;
  private int skipped;

  public static void main(String... folders) throws Exception {
    TestTable table = new TestTable();
    for (String folder : folders) {
      table.read(Path.of(folder));
    }
    System.out.print(table.text());
    if (!table.isGood()) {
      System.exit(1);
    }
  }

  /** Reads every report of a folder; one that is not there holds none. */
  void read(Path folder) throws IOException, ParserConfigurationException, SAXException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path report : reports) {
        read(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()));
      }
    }
    Path counts = folder.resolve("class-counts.tsv");
    if (Files.exists(counts)) {
      Files.readAllLines(counts).forEach(this::countForDriver);
    }
  }

  private void countForDriver(String line) {
    String[] fields = line.split("\t");
    Matcher driver = DRIVER_TEST.matcher(fields[0]);
    if (driver.matches()) {
      row(driver.group(1), driver.group(2)).passed += Integer.parseInt(fields[1]);
    }
  }

  boolean isGood() {
    return failed == 0 && faults.isEmpty() && passed > 0;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    section(text, "Skipped, and why:", skips);
    section(text, "Not right:", faults);
    if (!rows.isEmpty()) {
      text.append(line("port", "driver", "server", "tests passed"));
      rows.values().forEach(row -> text.append(row.line()));
      text.append('\n');
    }
    return text.append("%d passed, %d failed, %d skipped%n".formatted(passed, failed, skipped))
        .toString();
  }

  private void read(Document report) {
    NodeList cases = report.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      count((Element) cases.item(i));
    }
    for (String tag : List.of("system-out", "system-err")) {
      NodeList outputs = report.getElementsByTagName(tag);
      for (int i = 0; i < outputs.getLength(); i++) {
        Matcher servers = SERVER.matcher(outputs.item(i).getTextContent());
        while (servers.find()) {
          Row row = row(servers.group(2), servers.group(3));
          if (servers.group(1).equals("server")) {
            row.server = servers.group(4).strip();
          } else {
            row.unproven = servers.group(4).strip();
          }
        }
      }
    }
  }

  private void count(Element test) {
    String name = test.getAttribute("classname") + "." + test.getAttribute("name");
    Element skip = child(test, "skipped");
    if (child(test, "failure") != null || child(test, "error") != null) {
      failed++;
      faults.add(name + ": failed");
    } else if (skip != null) {
      skipped++;
      String reason = skip.getAttribute("message").strip();
      if (reason.isEmpty()) {
        faults.add(name + ": skipped without a reason");
      } else {
        skips.add(name + ": " + reason.lines().findFirst().orElseThrow());
      }
    } else {
      passed++;
    }
  }

  private Row row(String port, String driver) {
    return rows.computeIfAbsent(port + " " + driver, key -> new Row(port, driver));
  }

  private static Element child(Element parent, String tag) {
    return (Element) parent.getElementsByTagName(tag).item(0);
  }

  private static void section(StringBuilder text, String title, Collection<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    text.append(title).append('\n');
    lines.stream().sorted().forEach(line -> text.append("  ").append(line).append('\n'));
    text.append('\n');
  }

  private static String line(String port, String driver, String server, String tests) {
    return "%-12s %-10s %-30s %s%n".formatted(port, driver, server, tests);
  }

  /** One driver of one port. */
  private static final class Row {

    private final String port;
    private final String driver;
    private String server = "";
    private String unproven = "";
    private int passed;

    Row(String port, String driver) {
      this.port = port;
      this.driver = driver;
      this.server = driver.equals("embedded") ? "in this process" : "";
    }

    String line() {
      return TestTable.line(
          port, driver, server, unproven.isEmpty() ? "" + passed : "not proven here: " + unproven);
    }
  }
}
