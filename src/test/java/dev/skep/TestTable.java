package dev.skep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What {@code ./skep test} prints at its end: every skipped test with its reason, a table of what
 * was proven for which port, driver and server, and the sum. It is read from the ledger of {@code
 * TestLedger}, or, where a project keeps none, from the reports of Surefire. The exit code is 1
 * after a failure, a skip without a reason, or a driver that must be proven and was not.
 *
 * <p>A test class names each server it ran on by printing a line {@code [server] PORT DRIVER NAME
 * VERSION}, or why it could not: {@code [unproven] PORT DRIVER REASON}. The tests of a class count
 * for each server that it named.
 */
public final class TestTable {

  /** Also passes where a server cannot be had; the table still tells what was not proven. */
  static final String ALLOW = "SKEP_TEST_ALLOW_UNPROVEN";

  private static final Pattern DRIVER_TEST =
      Pattern.compile("dev\\.skep\\.port\\.([a-z]+)\\.([a-z0-9]+)\\.[A-Z].*");
  private static final Pattern ANNOUNCEMENT =
      Pattern.compile("^\\[(server|unproven)] ([a-z]+) ([a-z0-9]+) (.+)$", Pattern.MULTILINE);
  private static final String NO_SERVER = "(none needed)";

  private final Map<Place, Row> rows = new TreeMap<>();
  private final List<String> skips = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();
  private final Map<String, Set<String>> reasons = new TreeMap<>();
  private int passed;
  private int failed;
  private int skipped;

  /**
   * Reads reports.
   *
   * @param arguments folders of reports; before them {@code --prove FOLDER}, when each driver below
   *     that folder of sources must have been proven, and {@code --also "PORT DRIVER SERVER"} for a
   *     server that this machine has, so that it must not have been left out
   */
  public static void main(String... arguments) throws Exception {
    List<String> folders = new ArrayList<>(List.of(arguments));
    List<ProvenDriver> demanded = new ArrayList<>();
    if (!folders.isEmpty() && folders.getFirst().equals("--prove")) {
      demanded = new ArrayList<>(ProvenDriver.allBelow(Path.of(folders.get(1))));
      folders = folders.subList(2, folders.size());
    }
    while (folders.size() > 1 && folders.getFirst().equals("--also")) {
      demanded.add(ProvenDriver.named(folders.get(1)));
      folders = folders.subList(2, folders.size());
    }
    TestTable table = new TestTable();
    for (String folder : folders) {
      table.read(Path.of(folder));
    }
    table.demand(demanded, System.getenv(ALLOW) != null);
    System.out.print(table.text());
    if (!table.isGood()) {
      System.exit(1);
    }
  }

  /** Reads what a folder tells; one that is not there tells nothing. */
  void read(Path folder) throws IOException, ParserConfigurationException, SAXException {
    Path ledger = folder.resolve("ledger.tsv");
    if (Files.exists(ledger)) {
      readLedger(Files.readAllLines(ledger));
      return;
    }
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path report : reports) {
        readReport(
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()));
      }
    }
  }

  /** Each of these must have passed a test on a real server. */
  void demand(List<ProvenDriver> drivers, boolean mayBeUnproven) {
    for (ProvenDriver each : drivers) {
      if (rows.values().stream().noneMatch(row -> row.proves(each))) {
        String line = "%s: not proven on a server here: %s".formatted(each, why(each));
        (mayBeUnproven ? allowed : faults).add(line);
      }
    }
  }

  private String why(ProvenDriver driver) {
    Set<String> told = reasons.getOrDefault(driver.port() + " " + driver.driver(), Set.of());
    return told.stream()
        .filter(reason -> reason.contains(driver.server()))
        .findFirst()
        .or(() -> told.stream().findFirst())
        .orElse("no test that passed has named it");
  }

  boolean isGood() {
    return failed == 0 && faults.isEmpty() && passed > 0;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    section(text, "Skipped, and why:", skips);
    section(text, "Not proven, which " + ALLOW + " allows:", allowed);
    section(text, "Not right:", faults);
    if (!rows.isEmpty()) {
      text.append(line("port", "driver", "server", "tests passed"));
      rows.values().forEach(row -> text.append(row.line()));
      text.append('\n');
    }
    return text.append("%d passed, %d failed, %d skipped%n".formatted(passed, failed, skipped))
        .toString();
  }

  // ---- the ledger

  private void readLedger(List<String> lines) {
    Map<String, TestClass> classes = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      switch (fields[0]) {
        case "passed" -> {
          passed++;
          classOf(classes, fields).passed++;
        }
        case "failed" -> fail(name(fields));
        case "skipped" -> {
          skip(name(fields), fields[3]);
          classOf(classes, fields).reasons.add(fields[3]);
        }
        case "tagged" -> classOf(classes, fields).needsServer = true;
        case "server" ->
            classOf(classes, fields).servers.add(new Place(fields[2], fields[3], fields[4]));
        case "unproven" -> unproven(fields[2], fields[3], fields[4]);
        default -> {}
      }
    }
    String last = lines.isEmpty() ? "nothing" : lines.getLast();
    if (!last.equals("end")) {
      faults.add("the tests ended in the middle; the last that is known: " + last);
    }
    classes.forEach(this::credit);
  }

  private void credit(String name, TestClass tests) {
    Matcher driver = DRIVER_TEST.matcher(name);
    boolean isOfDriver = driver.matches();
    if (isOfDriver) {
      reasons
          .computeIfAbsent(driver.group(1) + " " + driver.group(2), key -> new TreeSet<>())
          .addAll(tests.reasons);
    }
    if (tests.passed == 0) {
      return;
    }
    if (!tests.servers.isEmpty()) {
      tests.servers.forEach(place -> row(place).passed += tests.passed);
    } else if (isOfDriver && tests.needsServer) {
      faults.add(
          name + ": does not print the server it ran on ([server] PORT DRIVER NAME VERSION)");
    } else if (isOfDriver) {
      String server = driver.group(2).equals("embedded") ? "in this process" : NO_SERVER;
      row(new Place(driver.group(1), driver.group(2), server)).passed += tests.passed;
    }
  }

  private static TestClass classOf(Map<String, TestClass> classes, String[] fields) {
    return classes.computeIfAbsent(fields[1], key -> new TestClass());
  }

  private static String name(String[] fields) {
    return fields[2].isEmpty() ? fields[1] : fields[1] + "." + fields[2];
  }

  // ---- the reports of Surefire

  private void readReport(Document report) {
    NodeList cases = report.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      count((Element) cases.item(i));
    }
    for (String tag : List.of("system-out", "system-err")) {
      NodeList outputs = report.getElementsByTagName(tag);
      for (int i = 0; i < outputs.getLength(); i++) {
        Matcher told = ANNOUNCEMENT.matcher(outputs.item(i).getTextContent());
        while (told.find()) {
          if (told.group(1).equals("unproven")) {
            unproven(told.group(2), told.group(3), told.group(4).strip());
          }
        }
      }
    }
  }

  private void count(Element test) {
    String name = test.getAttribute("classname") + "." + test.getAttribute("name");
    Element skip = child(test, "skipped");
    if (child(test, "failure") != null || child(test, "error") != null) {
      fail(name);
    } else if (skip != null) {
      skip(name, reason(skip));
    } else {
      passed++;
    }
  }

  /** A test that aborts itself has no message there, only what was thrown, as a text. */
  private static String reason(Element skip) {
    String thrown = skip.getTextContent().strip().replaceFirst("(?m)\\A[\\w.$]+(: |$)", "");
    return (skip.getAttribute("message") + "\n" + thrown)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("at "))
        .findFirst()
        .orElse("");
  }

  private static Element child(Element parent, String tag) {
    return (Element) parent.getElementsByTagName(tag).item(0);
  }

  // ---- what became of a test

  private void fail(String name) {
    failed++;
    faults.add(name + ": failed");
  }

  private void skip(String name, String reason) {
    skipped++;
    if (reason.isEmpty()) {
      faults.add(name + ": skipped without a reason");
    } else {
      skips.add(name + ": " + reason);
    }
  }

  private void unproven(String port, String driver, String reason) {
    row(new Place(port, driver, "")).unproven = reason;
    reasons.computeIfAbsent(port + " " + driver, key -> new TreeSet<>()).add(reason);
  }

  private Row row(Place place) {
    return rows.computeIfAbsent(place, Row::new);
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
    return "%-12s %-10s %-44s %s%n".formatted(port, driver, server, tests);
  }

  /** What a class did, and on which servers. */
  private static final class TestClass {

    private final Set<Place> servers = new TreeSet<>();
    private final Set<String> reasons = new TreeSet<>();
    private boolean needsServer;
    private int passed;
  }

  /** One driver of one port on one server. */
  private record Place(String port, String driver, String server) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::port).thenComparing(Place::driver).thenComparing(Place::server);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private static final class Row {

    private final Place place;
    private String unproven = "";
    private int passed;

    Row(Place place) {
      this.place = place;
    }

    boolean proves(ProvenDriver driver) {
      return passed > 0
          && place.port().equals(driver.port())
          && place.driver().equals(driver.driver())
          && place.server().startsWith(driver.server())
          && !place.server().equals(NO_SERVER);
    }

    String line() {
      return TestTable.line(
          place.port(),
          place.driver(),
          place.server(),
          unproven.isEmpty() ? "" + passed : "not proven here: " + unproven);
    }
  }
}
