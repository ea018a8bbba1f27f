package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Many threads that change one workspace whose quota is nearly used up (P3, P5). */
public final class TreeRace {

  private static final int THREADS = 64;
  private static final long QUOTA = 60_000;

  /** What a request may be answered with: done, or refused because others were faster. */
  private static final Set<Integer> EXPECTED = Set.of(200, 201, 204, 404, 409, 507);

  private final List<Client> admins;
  private final String slug;
  private final String root;
  private final List<String> folders = new CopyOnWriteArrayList<>();
  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final AtomicLong stored = new AtomicLong();

  /**
   * @param admins one administrator at each replica, asked by turns
   * @param slug of a workspace that is empty
   */
  public TreeRace(List<Client> admins, String slug) {
    this.admins = admins;
    this.slug = slug;
    this.root = admin().get("/workspaces/" + slug).is(200).text("rootId");
  }

  /** Runs it, then demands that the tree is whole and the quota is kept to the byte. */
  public void run(Duration race) throws Exception {
    admin().patch("/workspaces/" + slug, "{'quota':" + QUOTA + "}").is(200);
    for (int i = 0; i < 10; i++) {
      makeFolder(root, "f" + i);
    }
    long end = System.nanoTime() + race.toNanos();
    Together.run(
        THREADS,
        thread -> {
          for (int i = 0; System.nanoTime() < end; i++) {
            act(thread + "-" + i);
          }
        });
    System.out.println("a race over HTTP: " + new TreeMap<>(answers));

    assertThat(answers).containsKeys("move 200", "move 409", "make 201", "trash 204");
    assertThat(answers).containsKeys("upload 201", "upload 507");
    long used = used();
    assertThat(used).isLessThanOrEqualTo(QUOTA).isEqualTo(stored.get());
    restoreAll();
    Set<String> found = new TreeSet<>();
    collect(root, found, 0);
    assertThat(found).containsExactlyInAnyOrderElementsOf(new TreeSet<>(made));
    assertThat(used()).isEqualTo(used);
  }

  private Client admin() {
    return any(admins);
  }

  private void act(String name) {
    int deed = ThreadLocalRandom.current().nextInt(100);
    if (deed < 40) {
      String to = "{'parentId':'" + any(folders) + "'}";
      count("move", admin().patch("/nodes/" + any(folders), to));
    } else if (deed < 60) {
      makeFolder(any(folders), name);
    } else if (deed < 65) {
      count("trash", admin().delete("/nodes/" + any(folders)));
    } else if (deed < 75) {
      trashed().stream().limit(3).forEach(id -> count("restore", restore(id)));
    } else {
      upload("/files/" + slug + "/f" + deed % 10 + "/" + name);
    }
  }

  private void makeFolder(String parent, String name) {
    Answer answer = admin().post("/nodes/" + parent + "/children", "{'name':'" + name + "'}");
    count("make", answer);
    if (answer.status() == 201) {
      made.add(answer.id());
      folders.add(answer.id());
    }
  }

  /** Where folders on the way are missing, they are made too. */
  private void upload(String path) {
    byte[] content = new byte[ThreadLocalRandom.current().nextInt(200, 2000)];
    ThreadLocalRandom.current().nextBytes(content);
    Answer answer = admin().put(path, content);
    count("upload", answer);
    if (answer.status() == 201) {
      stored.addAndGet(content.length);
      made.add(answer.id());
      if (made.add(answer.text("parentId"))) {
        folders.add(answer.text("parentId"));
      }
    }
  }

  private void count(String deed, Answer answer) {
    assertThat(EXPECTED).as("%s: %s", answer.request(), answer.text()).contains(answer.status());
    answers.computeIfAbsent(deed + " " + answer.status(), key -> new LongAdder()).increment();
  }

  /** To the root, under their ids; what lay in something that lay in the trash comes along. */
  private void restoreAll() {
    List<String> items = trashed();
    while (!items.isEmpty()) {
      for (String id : items) {
        restore(id).is(200);
      }
      items = trashed();
    }
  }

  private Answer restore(String id) {
    String place = "{'parentId':'" + root + "','name':'" + id + "'}";
    return admin().post("/trash/" + id + "/restore", place);
  }

  private List<String> trashed() {
    return admin().get("/trash?workspace=" + slug + "&limit=1000").is(200).items("id");
  }

  private void collect(String folder, Set<String> found, int depth) {
    assertThat(depth).as("a tree without end").isLessThan(1000);
    List<String> below = new ArrayList<>();
    for (JsonNode item : admin().children(folder)) {
      String id = item.path("id").asText();
      assertThat(found.add(id)).as("%s is found once", id).isTrue();
      if (item.path("type").asText().equals("folder")) {
        below.add(id);
      }
    }
    below.forEach(id -> collect(id, found, depth + 1));
  }

  private long used() {
    return admin().get("/workspaces/" + slug).is(200).json().path("used").asLong(-1);
  }

  private static <T> T any(List<T> list) {
    return list.get(ThreadLocalRandom.current().nextInt(list.size()));
  }
}
