package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Request;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Clients that go on while replicas come and go. Each asks one that is ready, by turns; what broke
 * or was refused for now it sends again, as it was told; and it keeps books of what was
 * acknowledged. Each works in a folder of its own, so it knows what every answer must be.
 */
final class Load {

  /** How long a request may take with all its repetitions. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Between two requests of a client: the replica that starts beside them needs the processors. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Refused for now: 409 is a POST whose first try is still under way. */
  private static final Set<Integer> AGAIN = Set.of(429, 503);

  private final Replicas replicas;
  private final String slug;
  private final String root;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private volatile List<Replica> ready;
  private volatile boolean ended;
  private volatile Throwable failure;

  private Load(Replicas replicas, String slug, String root) {
    this.replicas = replicas;
    this.slug = slug;
    this.root = root;
    this.ready = replicas.all();
  }

  /** Begins, in an empty workspace. */
  static Load on(Replicas replicas, String slug, int clients) {
    String root = replicas.get(0).admin().get("/workspaces/" + slug).is(200).text("rootId");
    Load load = new Load(replicas, slug, root);
    load.start(load::look);
    for (int i = 0; i < clients; i++) {
      Worker worker = load.new Worker(i);
      load.workers.add(worker);
      load.start(worker::work);
    }
    return load;
  }

  private void start(Task task) {
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    task.run();
                  } catch (Throwable e) {
                    failure = e;
                    ended = true;
                  }
                }));
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  /** Ends the requests, and fails if one of them did. */
  void stop() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
    demandNoFailure();
  }

  /** All that was acknowledged is there, at this replica, and nothing else. */
  void isWholeAt(Replica replica) {
    workers.forEach(worker -> worker.isWholeAt(replica.admin()));
  }

  /** What happened, in words. */
  String report() {
    return "%d requests, %d files and %d folders kept, %d repeated after a broken connection and %d after a refusal for now, the longest took %d ms"
        .formatted(
            requests.get(),
            workers.stream().mapToInt(each -> each.files.size()).sum(),
            workers.stream().mapToInt(each -> each.folders.size()).sum(),
            broken.get(),
            refused.get(),
            longest.get() / 1_000_000);
  }

  /** How many were answered; fails if one of them failed. */
  int requests() {
    demandNoFailure();
    return requests.get();
  }

  private void demandNoFailure() {
    if (failure != null) {
      throw new AssertionError("a request failed: " + failure.getMessage(), failure);
    }
  }

  /** As a balancer does it: a replica that says that it is not ready gets no new requests. */
  private void look() throws InterruptedException {
    while (!ended) {
      List<Replica> now = replicas.all().stream().filter(Replica::isReady).toList();
      if (!now.isEmpty()) {
        ready = now;
      }
      Thread.sleep(LOOK);
    }
  }

  /** One client, with what it knows to be there. */
  private final class Worker {

    private final int number;
    private final Random random;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Set<String> removed = new TreeSet<>();
    private final Map<String, String> folders = new TreeMap<>();
    private int turn;

    /** Whether the request that is under way was sent before. */
    private boolean repeated;

    Worker(int number) {
      this.number = number;
      this.turn = number;
      this.random = new Random(number);
    }

    void work() throws InterruptedException {
      String home = "c" + number;
      folders.put(home, makeFolder(root, home));
      for (int i = 0; !ended; i++) {
        int deed = random.nextInt(100);
        if (deed < 35 || files.isEmpty()) {
          put("f" + i);
        } else if (deed < 45) {
          put(any());
        } else if (deed < 75) {
          read(any());
        } else if (deed < 85) {
          remove(any());
        } else {
          folders.put("d" + i, makeFolder(folders.get(home), "d" + i));
        }
        Thread.sleep(PAUSE);
      }
    }

    private void put(String name) throws InterruptedException {
      byte[] content = new byte[random.nextInt(20_000)];
      random.nextBytes(content);
      Answer answer = send(client -> client.request("PUT", path(name)).bytes(content));
      assertThat(answer.status()).as(answer.request() + " " + answer.text()).isIn(200, 201);
      files.put(name, content);
      removed.remove(name);
    }

    private void read(String name) throws InterruptedException {
      Answer answer = send(client -> client.request("GET", path(name))).is(200);
      assertThat(Arrays.equals(answer.body(), files.get(name))).as(answer.request()).isTrue();
    }

    private void remove(String name) throws InterruptedException {
      Answer answer = send(client -> client.request("DELETE", path(name)));
      if (answer.status() != 404 || !repeated) {
        answer.is(204);
      }
      files.remove(name);
      removed.add(name);
    }

    private String makeFolder(String parent, String name) throws InterruptedException {
      String key = slug + "-" + number + "-" + name;
      return send(client ->
              client
                  .request("POST", "/nodes/" + parent + "/children")
                  .header("Idempotency-Key", key)
                  .json("{'name':'" + name + "'}"))
          .is(201)
          .id();
    }

    private Answer send(Function<Client, Request> request) throws InterruptedException {
      long begin = System.nanoTime();
      repeated = false;
      while (true) {
        Duration pause;
        try {
          Answer answer = request.apply(next()).send();
          boolean inProgress =
              answer.status() == 409 && answer.json().path("code").asText().equals("in-progress");
          if (!AGAIN.contains(answer.status()) && !inProgress) {
            requests.incrementAndGet();
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            return answer;
          }
          assertThat(answer.header("Retry-After")).as(answer.text()).matches("[1-9][0-9]*");
          pause = Duration.ofSeconds(Long.parseLong(answer.header("Retry-After")));
          refused.incrementAndGet();
        } catch (UncheckedIOException e) {
          pause = Duration.ofMillis(ThreadLocalRandom.current().nextInt(20, 200));
          broken.incrementAndGet();
        }
        repeated = true;
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .as("a request that may be repeated")
            .isLessThan(PATIENCE);
        Thread.sleep(pause);
      }
    }

    private Client next() {
      List<Replica> now = ready;
      return now.get(Math.floorMod(turn++, now.size())).admin();
    }

    private String any() {
      return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
    }

    private String path(String name) {
      return "/files/" + slug + "/c" + number + "/" + name;
    }

    void isWholeAt(Client client) {
      files.forEach(
          (name, content) ->
              assertThat(Arrays.equals(client.get(path(name)).is(200).body(), content))
                  .as("the content of " + path(name))
                  .isTrue());
      removed.forEach(name -> client.get(path(name)).is(404));
      folders.forEach(
          (name, id) ->
              assertThat(client.get("/nodes/" + id).is(200).text("name")).isEqualTo(name));
      Set<String> all = new TreeSet<>(files.keySet());
      all.addAll(folders.keySet());
      all.remove("c" + number);
      assertThat(new TreeSet<>(client.names(folders.get("c" + number)))).isEqualTo(all);
    }
  }
}
