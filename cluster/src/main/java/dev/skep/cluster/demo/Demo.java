package dev.skep.cluster.demo;

import dev.skep.cluster.demo.LocalFiles.LocalFile;
import dev.skep.cluster.server.Replica;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
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
import java.util.stream.Collectors;

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
  private final String user;
  private final String password;

  public Demo(
      Site site,
      Path checkout,
      String balancer,
      List<Replica> replicas,
      String user,
      String password) {
    this.site = site;
    this.checkout = checkout;
    this.balancer = balancer;
    this.replicas = replicas;
    this.user = user;
    this.password = password;
  }

  /** What of the upload was acknowledged, and what was refused. */
  private static final class Upload {
    /** With the SHA-256 of what was acknowledged; a file may change later. */
    private final Map<LocalFile, byte[]> sent = new ConcurrentHashMap<>();

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
    Duties duties = new Duties(client.credentials());
    Victim victim = mostBusy(duties);

    long bytes = files.stream().mapToLong(LocalFile::size).sum();
    site.say("uploading %,d files, %,d bytes, %d at once".formatted(files.size(), bytes, AT_ONCE));
    Upload upload = new Upload();
    CountDownLatch untilKill = new CountDownLatch(files.size() / 3);
    ExecutorService threads = begin(files, client, upload, untilKill);
    if (!untilKill.await(UPLOAD.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("a third of the upload was not done in time: " + upload.refused);
    }
    long killed = System.nanoTime();
    victim.replica().child().kill();
    site.say(
        "killed replica %d (SIGKILL) with %,d files acknowledged; it held %d duties"
            .formatted(victim.replica().number(), upload.sent.size(), victim.shards().size()));
    Duration dutiesAfter = awaitTakeOver(duties, victim, killed);
    end(threads);
    Duration requestsAfter = Duration.ofNanos(Math.max(0, client.lastRecovery() - killed));
    upload.refused.forEach(site::say);

    site.say("downloading all through the others");
    Set<LocalFile> found = found(upload.sent, client);
    List<String> lost =
        upload.sent.keySet().stream()
            .filter(file -> !found.contains(file))
            .map(LocalFile::path)
            .toList();
    return new Outcome(
        files.size(),
        upload.sent.size(),
        upload.sent.keySet().stream().mapToLong(LocalFile::size).sum(),
        found.size(),
        lost,
        victim.replica().number(),
        requestsAfter,
        dutiesAfter,
        victim.shards().size(),
        client.retried());
  }

  /**
   * A replica and what it is to be killed with.
   *
   * @param shards that it holds
   */
  private record Victim(Replica replica, String id, Set<String> shards) {}

  /** The replica that holds most duties, once every replica holds some or time is up. */
  private Victim mostBusy(Duties duties) throws IOException, InterruptedException {
    Map<String, Replica> byId = new HashMap<>();
    for (Replica replica : replicas) {
      byId.put(duties.id(replica), replica);
    }
    long deadline = System.nanoTime() + DUTIES_SPREAD.toNanos();
    while (true) {
      Map<String, String> holders = duties.holders(replicas.getFirst());
      if (holders.values().containsAll(byId.keySet()) || System.nanoTime() > deadline) {
        return byId.entrySet().stream()
            .map(each -> new Victim(each.getValue(), each.getKey(), held(holders, each.getKey())))
            .max(Comparator.comparingInt(each -> each.shards().size()))
            .filter(each -> !each.shards().isEmpty())
            .orElseThrow(() -> new IOException("no replica has taken a duty in time"));
      }
      Thread.sleep(LOOK);
    }
  }

  private static Set<String> held(Map<String, String> holders, String id) {
    return holders.entrySet().stream()
        .filter(each -> each.getValue().equals(id))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
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
                upload.sent.put(file, client.put(file.path(), file.file()));
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
  private Duration awaitTakeOver(Duties duties, Victim victim, long killed)
      throws IOException, InterruptedException {
    Replica witness =
        replicas.stream().filter(each -> each != victim.replica()).findFirst().orElseThrow();
    long deadline = killed + TAKE_OVER.toNanos();
    while (System.nanoTime() < deadline) {
      Map<String, String> holders = duties.holders(witness);
      if (holders.keySet().containsAll(victim.shards()) && !holders.containsValue(victim.id())) {
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
  private static Set<LocalFile> found(Map<LocalFile, byte[]> sent, Client client)
      throws IOException, InterruptedException {
    Queue<LocalFile> waiting = new ConcurrentLinkedQueue<>(sent.keySet());
    Set<LocalFile> found = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < AT_ONCE; i++) {
      threads.submit(
          () -> {
            LocalFile file;
            while ((file = waiting.poll()) != null) {
              if (has(client, file, sent.get(file))) {
                found.add(file);
              }
            }
            return null;
          });
    }
    end(threads);
    return found;
  }

  private static boolean has(Client client, LocalFile file, byte[] digest)
      throws InterruptedException {
    try {
      return client.has(file.path(), digest);
    } catch (IOException e) {
      return false;
    }
  }
}
