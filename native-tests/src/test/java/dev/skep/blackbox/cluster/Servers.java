package dev.skep.blackbox.cluster;

import dev.skep.cluster.server.Server;
import dev.skep.cluster.site.Site;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/**
 * MariaDB, versitygw, etcd, Redis and NATS as processes of this machine, empty at the start. Names
 * them for the table at the end of {@code ./skep test}. Thread-safe.
 */
public final class Servers implements AutoCloseable {

  private static final Pattern VERSION = Pattern.compile("[0-9]+[.][0-9]+([.][0-9]+)?");

  private static final Pattern BUILT = Pattern.compile("\nmod\t[^\t\n]+\tv([0-9.]+)");

  /** The program of each server, in the order in which they start. */
  private record Program(String command, String product, List<String> drivers) {

    Path path() throws IOException {
      return command.equals("versitygw")
          ? dev.skep.cluster.server.Servers.s3Server()
          : Site.command(command);
    }
  }

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("mariadbd", "MariaDB", List.of("sql mysql")),
          new Program("versitygw", "versitygw", List.of("objects s3")),
          new Program("etcd", "etcd", List.of("config etcd", "coordinator etcd", "registry etcd")),
          new Program("redis-server", "Redis", List.of("cache redis")),
          new Program("nats-server", "NATS", List.of("pubsub nats")));

  private final Site site;
  private final Map<String, TinyDisk> disks;
  private final List<Store> stores;

  private Servers(Site site, Map<String, TinyDisk> disks, List<Store> stores) {
    this.site = site;
    this.disks = disks;
    this.stores = stores;
  }

  /** Starts one of each, or aborts the test, naming those that this machine does not have. */
  public static Servers start() {
    return startOn(Map.of());
  }

  /**
   * As {@link #start}, some of them on small disks of their own; aborts the test, saying why, where
   * none can be mounted.
   *
   * @param sizes in bytes, by the {@linkplain #folder folder}
   */
  public static Servers startOn(Map<String, Long> sizes) {
    demandAll();
    Site site = null;
    Map<String, TinyDisk> disks = new TreeMap<>();
    try {
      site = Site.open(Path.of("").toAbsolutePath(), false);
      for (Map.Entry<String, Long> each : sizes.entrySet()) {
        Path folder = site.newFolder(each.getKey());
        disks.put(each.getKey(), TinyDisk.of(folder, each.getValue()));
      }
      List<Store> stores = new ArrayList<>();
      for (Server each : dev.skep.cluster.server.Servers.start(site)) {
        stores.add(new Store(each));
      }
      PROGRAMS.forEach(Servers::announce);
      return new Servers(site, disks, List.copyOf(stores));
    } catch (TestAbortedException e) {
      close(site, disks);
      throw e;
    } catch (IOException e) {
      close(site, disks);
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      close(site, disks);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void demandAll() {
    List<String> missing = new ArrayList<>();
    for (Program each : PROGRAMS) {
      try {
        each.path();
      } catch (IOException e) {
        each.drivers()
            .forEach(driver -> System.out.println("[unproven] " + driver + " " + e.getMessage()));
        missing.add(each.command());
      }
    }
    Assumptions.assumeTrue(
        missing.isEmpty(), () -> "replicas need " + missing + ", not on this machine");
  }

  private static void announce(Program program) {
    String version = version(program);
    program
        .drivers()
        .forEach(
            driver ->
                System.out.println("[server] " + driver + " " + program.product() + " " + version));
  }

  private static String version(Program program) {
    try {
      Matcher version =
          VERSION.matcher(
              run(Path.of("."), Map.of(), List.of(program.path().toString(), "--version")));
      return version.find() ? version.group() : built(program.path());
    } catch (IOException e) {
      return "of unknown version";
    }
  }

  /** What Go writes into a program that it has fetched and built. */
  private static String built(Path program) throws IOException {
    Matcher version = BUILT.matcher(Files.readString(program, StandardCharsets.ISO_8859_1));
    return version.find() ? version.group(1) : "of unknown version";
  }

  public Store mariaDb() {
    return store("MariaDB");
  }

  /** The S3 server, versitygw. */
  public Store s3() {
    return store("versitygw");
  }

  public Store etcd() {
    return store("etcd");
  }

  public Store redis() {
    return store("Redis");
  }

  public Store nats() {
    return store("NATS");
  }

  private Store store(String name) {
    return stores.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  public List<Store> all() {
    return stores;
  }

  /** All is well again: what was killed runs, what was frozen goes on, lines are healed. */
  public void mend() {
    stores.forEach(Store::mend);
  }

  /** Rows of a statement, asked of MariaDB itself as Skep's user; a NULL is the word NULL. */
  public List<List<String>> sql(String statement) {
    Map<String, String> settings = mariaDb().settings();
    return rows(
        statement,
        settings.get("skep.sql.mysql.password"),
        "--host=127.0.0.1",
        "--port=" + mariaDb().port(),
        "--user=" + settings.get("skep.sql.mysql.user"),
        "--database=" + settings.get("skep.sql.mysql.database"));
  }

  /** One number, asked of MariaDB itself. */
  public long number(String statement) {
    return Long.parseLong(sql(statement).getFirst().getFirst());
  }

  /** The ids of the replicas that say that they live, also of those that were killed. */
  public List<String> heartbeats() {
    return sql("SELECT HEX(replica_id) FROM heartbeat ORDER BY replica_id").stream()
        .map(row -> HexFormat.of().parseHex(row.getFirst()))
        .map(ByteBuffer::wrap)
        .map(id -> new UUID(id.getLong(), id.getLong()).toString())
        .toList();
  }

  /** As the administrator of the server. */
  public List<List<String>> sqlAsRoot(String statement) {
    return rows(statement, "", "--socket=mariadb.sock", "--user=root");
  }

  private List<List<String>> rows(String statement, String password, String... options) {
    List<String> command = new ArrayList<>();
    try {
      command.add(Site.command("mariadb").toString());
      command.addAll(List.of("--no-defaults", "--batch", "--skip-column-names"));
      command.addAll(List.of(options));
      command.add("--execute=" + statement);
      String rows = run(folder("mariadb"), Map.of("MYSQL_PWD", password), command);
      return rows.lines().map(line -> List.of(line.split("\t", -1))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The small disk below a server's {@linkplain #folder folder}. */
  public TinyDisk disk(String name) {
    return disks.get(name);
  }

  /** Where a server keeps its data: {@code mariadb}, {@code s3}, {@code etcd}. */
  public Path folder(String name) {
    return site.folder().resolve(name);
  }

  private static String run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(
            "%s failed: %s".formatted(Path.of(command.getFirst()).getFileName(), output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }

  /** What a server has said in its log so far. */
  public Path log(Store store) {
    return site.folder().resolve(store.name().toLowerCase(Locale.ROOT) + ".log");
  }

  /** Ends them all and removes their data. */
  @Override
  public void close() {
    stores.forEach(Store::close);
    close(site, disks);
  }

  /** The site's folder goes with it, but for those on which a disk is mounted. */
  private static void close(Site site, Map<String, TinyDisk> disks) {
    if (site == null) {
      return;
    }
    site.close();
    try {
      for (TinyDisk each : disks.values()) {
        each.close();
        Files.delete(each.folder());
      }
      Files.deleteIfExists(site.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
