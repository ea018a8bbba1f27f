package dev.skep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code ./skep test} prints at its end: every skipped test with its reason, a table of how
 * much of its contract each driver passed on which server, one of the promises with the tests that
 * proved them, and the sum. It is read from the ledgers of {@code TestLedger}. The exit code is 1
 * after a failure, a skip without a reason, a driver or a promise that must be proven and was not.
 *
 * <p>A test class names the server it ran on by printing a line {@code [server] PORT DRIVER NAME
 * VERSION}, or why it could not: {@code [unproven] PORT DRIVER REASON}. A server is proven by the
 * tests of the port's contract alone; what else a class did on it is counted beside them.
 */
public final class TestTable {

  /** Also passes where a server cannot be had; the table still tells what was not proven. */
  static final String ALLOW = "SKEP_TEST_ALLOW_UNPROVEN";

  /** The reason of what only the soak runs, as {@code testkit.tier} gives it. */
  static final String LEFT = "left to ./skep test soak";

  private static final Pattern DRIVER_TEST =
      Pattern.compile("dev\\.skep\\.port\\.([a-z]+)\\.([a-z0-9]+)\\.[A-Z].*");
  private static final Pattern CONTRACT =
      Pattern.compile("dev\\.skep\\.port\\.([a-z]+)\\.[A-Z]\\w*Contract\\$(\\w+)");
  private static final String NO_SERVER = "(none needed)";

  private final Map<Place, Row> rows = new TreeMap<>();
  private final Map<String, Set<String>> contracts = new TreeMap<>();
  private final Map<Promise, Map<String, Integer>> proofs = new EnumMap<>(Promise.class);
  private final Map<String, Integer> left = new TreeMap<>();
  private final List<String> skips = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();
  private final Map<String, Set<String>> reasons = new TreeMap<>();
  private int passed;
  private int failed;
  private int skipped;

  /**
   * Reads ledgers.
   *
   * @param arguments folders of ledgers; before them {@code --prove FOLDER}, when each promise and
   *     each driver below that folder of sources must have been proven, and {@code --also "PORT
   *     DRIVER SERVER"} for a server that this machine has, so that it must not have been left out
   */
  public static void main(String... arguments) throws Exception {
    List<String> folders = new ArrayList<>(List.of(arguments));
    List<ProvenDriver> demanded = new ArrayList<>();
    boolean demandsAll = !folders.isEmpty() && folders.getFirst().equals("--prove");
    if (demandsAll) {
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
    if (demandsAll) {
      table.demandPromises();
    }
    System.out.print(table.text());
    if (!table.isGood()) {
      System.exit(1);
    }
  }

  /** Reads the ledgers of a folder. One without any is not good: its tests vanished in silence. */
  void read(Path folder) throws IOException {
    List<Path> ledgers = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "ledger*.tsv")) {
        found.forEach(ledgers::add);
      }
    }
    if (ledgers.isEmpty()) {
      faults.add("no ledger of tests in " + folder);
    }
    Map<String, TestClass> classes = new TreeMap<>();
    for (Path ledger : ledgers) {
      readLedger(Files.readAllLines(ledger), classes);
    }
    classes.forEach(this::credit);
  }

  /** Each of these must have passed its contract on a real server. */
  void demand(List<ProvenDriver> drivers, boolean mayBeUnproven) {
    for (ProvenDriver each : drivers) {
      List<Row> found = rows.values().stream().filter(row -> row.isOn(each)).toList();
      if (found.isEmpty()) {
        String line = "%s: not proven on a server here: %s".formatted(each, why(each));
        (mayBeUnproven ? allowed : faults).add(line);
      }
    }
    rows.values().forEach(this::demandWhole);
  }

  /** A server on which a part of the contract did not run at all proves nothing of that part. */
  private void demandWhole(Row row) {
    Set<String> parts = parts(contracts.getOrDefault(row.place.port(), Set.of()));
    parts.removeAll(parts(row.contract));
    parts.removeAll(row.excused);
    if (!row.contract.isEmpty() && !parts.isEmpty()) {
      faults.add("%s: no test passed of the contract's %s".formatted(row.place, parts));
    }
  }

  private static Set<String> parts(Set<String> tests) {
    return tests.stream()
        .map(test -> test.substring(0, test.indexOf('.')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Each promise must have a test that passed. */
  void demandPromises() {
    for (Promise each : Promise.values()) {
      if (!proofs.containsKey(each)) {
        faults.add("%s: no test passed that proves it (%s)".formatted(each, each.text()));
      }
    }
  }

  private String why(ProvenDriver driver) {
    Set<String> told = reasons.getOrDefault(driver.port() + " " + driver.driver(), Set.of());
    return told.stream()
        .filter(reason -> reason.contains(driver.server()))
        .findFirst()
        .or(() -> told.stream().findFirst())
        .orElse("no contract that passed has named it");
  }

  boolean isGood() {
    return failed == 0 && faults.isEmpty() && passed > 0;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    section(
        text,
        "Left to ./skep test soak:",
        left.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).toList());
    section(text, "Skipped, and why:", skips);
    section(text, "Not proven, which " + ALLOW + " allows:", allowed);
    section(text, "Not right:", faults);
    if (!rows.isEmpty()) {
      text.append(line("port", "driver", "server", "contract", "other tests"));
      rows.values().forEach(row -> text.append(row.line(contracts)));
      text.append('\n');
    }
    proofs.forEach((promise, tests) -> text.append(proof(promise, tests)));
    if (!proofs.isEmpty()) {
      text.append('\n');
    }
    return text.append("%d passed, %d failed, %d skipped%n".formatted(passed, failed, skipped))
        .toString();
  }

  private static String proof(Promise promise, Map<String, Integer> tests) {
    String each =
        tests.entrySet().stream()
            .map(test -> test.getKey() + " " + test.getValue())
            .collect(Collectors.joining(", "));
    return "%-4s %-60s %s%n".formatted(promise, promise.text(), each);
  }

  // ---- the ledger

  private void readLedger(List<String> lines, Map<String, TestClass> classes) {
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      switch (fields[0]) {
        case "passed" -> {
          passed++;
          classOf(classes, fields).pass(fields[2], fields[3], Set.of(fields[4].split(",")));
          proves(fields);
        }
        case "failed" -> {
          failed++;
          faults.add(name(fields) + ": failed");
        }
        case "skipped" -> {
          skip(fields);
          classOf(classes, fields).skip(fields[3], fields[4]);
        }
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
  }

  private void proves(String[] fields) {
    String simple = fields[1].substring(fields[1].lastIndexOf('.') + 1);
    for (Promise each : Promise.values()) {
      if (List.of(fields[4].split(",")).contains(each.name())) {
        proofs.computeIfAbsent(each, key -> new TreeMap<>()).merge(simple, 1, Integer::sum);
      }
    }
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
    tests.contract.forEach(
        (port, each) -> contracts.computeIfAbsent(port, key -> new TreeSet<>()).addAll(each));
    if (!tests.servers.isEmpty()) {
      tests.servers.forEach(place -> row(place).credit(tests));
      demandOneEach(name, tests);
    } else if (isOfDriver && tests.needsServer) {
      faults.add(
          name + ": does not print the server it ran on ([server] PORT DRIVER NAME VERSION)");
    } else if (isOfDriver) {
      String server = driver.group(2).equals("embedded") ? "in this process" : NO_SERVER;
      row(new Place(driver.group(1), driver.group(2), server)).credit(tests);
    }
  }

  /** Of two servers nobody could say which one passed the contract. */
  private void demandOneEach(String name, TestClass tests) {
    for (String port : tests.contract.keySet()) {
      List<Place> named = tests.servers.stream().filter(it -> it.port().equals(port)).toList();
      if (named.size() != 1) {
        faults.add(
            "%s: runs the contract of %s, so it must name one server: %s"
                .formatted(name, port, named));
      }
    }
  }

  private static TestClass classOf(Map<String, TestClass> classes, String[] fields) {
    return classes.computeIfAbsent(fields[1], key -> new TestClass());
  }

  private static String name(String[] fields) {
    return fields[2].isEmpty() ? fields[1] : fields[1] + "." + fields[2];
  }

  private void skip(String[] fields) {
    String reason = fields[4];
    if (reason.equals(LEFT)) {
      left.merge(fields[1], 1, Integer::sum);
      return;
    }
    skipped++;
    if (reason.isEmpty()) {
      faults.add(name(fields) + ": skipped without a reason");
    } else {
      skips.add(name(fields) + ": " + reason);
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

  private static String line(
      String port, String driver, String server, String contract, String others) {
    return "%-12s %-10s %-44s %-12s %s%n".formatted(port, driver, server, contract, others);
  }

  /** What a class did, and on which servers. */
  private static final class TestClass {

    private final Set<Place> servers = new TreeSet<>();
    private final Set<String> reasons = new TreeSet<>();

    /**
     * Of each port whose contract it runs, what passed: the contract's nested class and the test.
     */
    private final Map<String, Set<String>> contract = new TreeMap<>();

    /** Parts of contracts of which something was skipped with a reason. */
    private final Set<String> excused = new TreeSet<>();

    private boolean needsServer;
    private int passed;
    private int others;

    void pass(String test, String declared, Set<String> tags) {
      passed++;
      needsServer |= tags.contains("server");
      Matcher part = CONTRACT.matcher(declared);
      if (part.matches()) {
        contract.computeIfAbsent(part.group(1), key -> new TreeSet<>()).add(test);
      } else {
        others++;
      }
    }

    void skip(String declared, String reason) {
      reasons.add(reason);
      Matcher part = CONTRACT.matcher(declared);
      if (part.matches() && !reason.isEmpty() && !reason.equals(LEFT)) {
        excused.add(part.group(2));
      }
    }
  }

  /** One driver of one port on one server. */
  private record Place(String port, String driver, String server) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::port).thenComparing(Place::driver).thenComparing(Place::server);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(port, driver, server);
    }
  }

  private static final class Row {

    private final Place place;
    private final Set<String> contract = new TreeSet<>();
    private final Set<String> excused = new TreeSet<>();
    private String unproven = "";
    private int others;

    Row(Place place) {
      this.place = place;
    }

    void credit(TestClass tests) {
      contract.addAll(tests.contract.getOrDefault(place.port(), Set.of()));
      excused.addAll(tests.excused);
      others += tests.others;
    }

    /** Whether the driver passed its contract here. */
    boolean isOn(ProvenDriver driver) {
      return !contract.isEmpty()
          && place.port().equals(driver.port())
          && place.driver().equals(driver.driver())
          && place.server().startsWith(driver.server())
          && !place.server().equals(NO_SERVER);
    }

    String line(Map<String, Set<String>> contracts) {
      if (!unproven.isEmpty()) {
        return TestTable.line(
            place.port(), place.driver(), place.server(), "not proven here: " + unproven, "");
      }
      String share =
          contract.isEmpty()
              ? ""
              : contract.size() + " of " + contracts.getOrDefault(place.port(), Set.of()).size();
      return TestTable.line(place.port(), place.driver(), place.server(), share, "" + others);
    }
  }
}
