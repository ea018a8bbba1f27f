package dev.skep.cluster.demo;

import dev.skep.cluster.demo.LocalFiles.LocalFile;
import dev.skep.cluster.server.Replica;
import dev.skep.cluster.server.Server;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The demonstration: what is acknowledged outlives the replica that acknowledged it. */
public final class Demo {

  private static final int AT_ONCE = 8;
  private static final Duration UPLOAD = Duration.ofMinutes(10);

  /** The lease of duties is 10 s; taking them over may last a few seconds more. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(30);

  private static final Duration DUTIES_SPREAD = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Site site;
  private final Path checkout;
  private final String balancer;
  private final List<Replica> replicas;
  private final Duties duties;
  private final String user;
  private final String password;

  public Demo(
      Site site,
      Path checkout,
      String balancer,
      List<Replica> replicas,
      List<Server> servers,
      String user,
      String password) {
    this.site = site;
    this.checkout = checkout;
    this.balancer = balancer;
    this.replicas = replicas;
    this.user = user;
    this.password = password;
    this.duties =
        new Duties(
            servers.stream()
                .filter(server -> server.name().equals("etcd"))
                .findFirst()
                .orElseThrow()
                .address());
  }

  /** What of the upload was acknowledged, and what was refused. */
  private static final class Upload {
    private final Set<LocalFile> sent = ConcurrentHashMap.newKeySet();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  }

  /**
   * @param folders to upload; empty: the checkout's sources and the artefact itself
   */
  public Outcome run(List<Path> folders) throws IOException, InterruptedException {
    List<LocalFile> files =
        LocalFiles.of(
            folders.isEmpty()
                ? List.of(checkout.resolve("src"), checkout.resolve("target/quarkus-app"))
                : folders);
    if (files.size() < AT_ONCE * replicas.size()) {
      throw new IOException(
          "%d files are too few to kill a replica in the middle; choose a larger folder"
              .formatted(files.size()));
    }
    Client client = Client.of(balancer, user, password);
    Replica victim = mostBusy();
    Set<String> itsDuties = duties.heldBy(victim.child().pid());

    long bytes = files.stream().mapToLong(LocalFile::size).sum();
    site.say("uploading %,d files, %,d bytes, %d at once".formatted(files.size(), bytes, AT_ONCE));
    Upload upload = new Upload();
    CountDownLatch untilKill = new CountDownLatch(files.size() / 3);
    ExecutorService threads = begin(files, client, upload, untilKill);
    if (!untilKill.await(UPLOAD.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("a third of the upload was not done in time: " + upload.refused);
    }
    long killed = System.nanoTime();
    victim.child().kill();
    site.say(
        "killed replica %d (SIGKILL) with %,d files acknowledged; it held %d duties"
            .formatted(victim.number(), upload.sent.size(), itsDuties.size()));
    Duration dutiesAfter = awaitTakeOver(itsDuties, victim, killed);
    end(threads);
    Duration requestsAfter = Duration.ofNanos(Math.max(0, client.lastRecovery() - killed));
    upload.refused.forEach(site::say);

    site.say("downloading all through the others");
    Set<LocalFile> found = found(upload.sent, client);
    List<String> lost =
        upload.sent.stream().filter(file -> !found.contains(file)).map(LocalFile::path).toList();
    return new Outcome(
        files.size(),
        upload.sent.size(),
        upload.sent.stream().mapToLong(LocalFile::size).sum(),
        found.size(),
        lost,
        victim.number(),
        requestsAfter,
        dutiesAfter,
        itsDuties.size(),
        client.retried());
  }

  /** The replica that holds most duties, once every replica holds some or time is up. */
  private Replica mostBusy() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + DUTIES_SPREAD.toNanos();
    while (true) {
      Map<String, Long> holders = duties.holders();
      boolean spread =
          replicas.stream().allMatch(each -> holders.containsValue(each.child().pid()));
      if (holders.isEmpty() && System.nanoTime() > deadline) {
        throw new IOException(
            "no replica has taken a duty within " + DUTIES_SPREAD.toSeconds() + " s");
      }
      if (spread || System.nanoTime() > deadline) {
        return replicas.stream()
            .max(Comparator.comparingLong(each -> count(holders, each)))
            .orElseThrow();
      }
      Thread.sleep(LOOK);
    }
  }

  private static long count(Map<String, Long> holders, Replica replica) {
    return holders.values().stream().filter(pid -> pid == replica.child().pid()).count();
  }

  private static ExecutorService begin(
      List<LocalFile> files, Client client, Upload upload, CountDownLatch acknowledged) {
    Queue<LocalFile> waiting = new ConcurrentLinkedQueue<>(files);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < AT_ONCE; i++) {
      threads.submit(
          () -> {
            LocalFile file;
            while ((file = waiting.poll()) != null) {
              try {
                client.put(file.path(), file.file());
                upload.sent.add(file);
              } catch (IOException e) {
                upload.refused.add(file.file() + " was not taken: " + e.getMessage());
              }
              acknowledged.countDown();
            }
            return null;
          });
    }
    return threads;
  }

  /** Null when others do not hold all of them in time. */
  private Duration awaitTakeOver(Set<String> keys, Replica victim, long killed)
      throws IOException, InterruptedException {
    long deadline = killed + TAKE_OVER.toNanos();
    while (System.nanoTime() < deadline) {
      Map<String, Long> holders = duties.holders();
      boolean taken =
          keys.stream()
              .allMatch(
                  key -> holders.containsKey(key) && holders.get(key) != victim.child().pid());
      if (taken) {
        Duration after = Duration.ofNanos(System.nanoTime() - killed);
        site.say("others hold its duties after %,d ms".formatted(after.toMillis()));
        return after;
      }
      Thread.sleep(LOOK);
    }
    return null;
  }

  private static void end(ExecutorService threads) throws IOException, InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(UPLOAD.toSeconds(), TimeUnit.SECONDS)) {
      threads.shutdownNow();
      throw new IOException("the upload did not end in time");
    }
  }

  /** Those of which the drive gives the same bytes. */
  private static Set<LocalFile> found(Set<LocalFile> sent, Client client)
      throws IOException, InterruptedException {
    Queue<LocalFile> waiting = new ConcurrentLinkedQueue<>(sent);
    Set<LocalFile> found = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < AT_ONCE; i++) {
      threads.submit(
          () -> {
            LocalFile file;
            while ((file = waiting.poll()) != null) {
              if (has(client, file)) {
                found.add(file);
              }
            }
            return null;
          });
    }
    end(threads);
    return found;
  }

  private static boolean has(Client client, LocalFile file) throws InterruptedException {
    try {
      return client.hasSame(file.path(), file.file());
    } catch (IOException e) {
      return false;
    }
  }
}
