package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
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
import org.junit.jupiter.api.Test;

/** Many at once change one workspace whose quota is nearly used up (P3, P5). */
@BlackBox
final class TreeRaceTest {

  private static final int THREADS = 64;
  private static final Duration RACE = Duration.ofSeconds(20);
  private static final long QUOTA = 60_000;
  private static final int CREATORS = 100;

  /** What a request may be answered with: done, or refused because others were faster. */
  private static final Set<Integer> EXPECTED = Set.of(200, 201, 204, 404, 409, 507);

  private final People people;
  private final Client admin;

  private final List<String> folders = new CopyOnWriteArrayList<>();
  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final AtomicLong stored = new AtomicLong();

  TreeRaceTest(Skep skep) {
    this.people = new People(skep);
    this.admin = skep.admin();
  }

  @Test
  void theTreeStaysWholeAndWithinItsQuota() throws Exception {
    String slug = people.workspace("race");
    String root = people.root(slug);
    admin.patch("/workspaces/" + slug, "{'quota':" + QUOTA + "}").is(200);
    for (int i = 0; i < 10; i++) {
      makeFolder(root, "f" + i);
    }
    long end = System.nanoTime() + RACE.toNanos();
    Together.run(
        THREADS,
        thread -> {
          for (int i = 0; System.nanoTime() < end; i++) {
            act(slug, root, thread + "-" + i);
          }
        });
    System.out.println("a race over HTTP: " + new TreeMap<>(answers));

    assertThat(answers).containsKeys("move 200", "move 409", "make 201", "trash 204");
    assertThat(answers).containsKeys("upload 201", "upload 507");
    long used = used(slug);
    assertThat(used).isLessThanOrEqualTo(QUOTA).isEqualTo(stored.get());
    restoreAll(slug, root);
    Set<String> found = new TreeSet<>();
    collect(root, found, 0);
    assertThat(found).containsExactlyInAnyOrderElementsOf(new TreeSet<>(made));
    assertThat(used(slug)).isEqualTo(used);
  }

  @Test
  void ofAHundredRacingCreatesOfOneNameExactlyOneIsAnswered201() throws Exception {
    String slug = people.workspace("once");
    String children = "/nodes/" + people.root(slug) + "/children";
    List<Answer> folders =
        Together.call(CREATORS, thread -> () -> admin.post(children, "{'name':'folder'}"));
    List<Answer> files =
        Together.call(
            CREATORS,
            thread ->
                () ->
                    admin
                        .request("PUT", "/files/" + slug + "/file")
                        .header("If-None-Match", "*")
                        .bytes(new byte[] {(byte) thread})
                        .send());

    assertThat(folders).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(files).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(folders).extracting(Answer::status).containsOnly(201, 409);
    assertThat(files).extracting(Answer::status).containsOnly(201, 412);
    assertThat(admin.get(children).items("name")).containsExactly("file", "folder");
  }

  private void act(String slug, String root, String name) {
    int deed = ThreadLocalRandom.current().nextInt(100);
    if (deed < 40) {
      String to = "{'parentId':'" + any(folders) + "'}";
      count("move", admin.patch("/nodes/" + any(folders), to));
    } else if (deed < 60) {
      makeFolder(any(folders), name);
    } else if (deed < 65) {
      count("trash", admin.delete("/nodes/" + any(folders)));
    } else if (deed < 75) {
      trashed(slug).stream().limit(3).forEach(id -> count("restore", restore(id, root)));
    } else {
      upload("/files/" + slug + "/f" + deed % 10 + "/" + name);
    }
  }

  private void makeFolder(String parent, String name) {
    Answer answer = admin.post("/nodes/" + parent + "/children", "{'name':'" + name + "'}");
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
    Answer answer = admin.put(path, content);
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
  private void restoreAll(String slug, String root) {
    List<String> items = trashed(slug);
    while (!items.isEmpty()) {
      for (String id : items) {
        restore(id, root).is(200);
      }
      items = trashed(slug);
    }
  }

  private Answer restore(String id, String root) {
    String place = "{'parentId':'" + root + "','name':'" + id + "'}";
    return admin.post("/trash/" + id + "/restore", place);
  }

  private List<String> trashed(String slug) {
    return admin.get("/trash?workspace=" + slug + "&limit=1000").is(200).items("id");
  }

  private void collect(String folder, Set<String> found, int depth) {
    assertThat(depth).as("a tree without end").isLessThan(1000);
    String cursor = "";
    do {
      String query = "/children?limit=1000" + cursor;
      JsonNode page = admin.get("/nodes/" + folder + query).is(200).json();
      List<String> below = new ArrayList<>();
      for (JsonNode item : page.path("items")) {
        String id = item.path("id").asText();
        assertThat(found.add(id)).as("%s is found once", id).isTrue();
        if (item.path("type").asText().equals("folder")) {
          below.add(id);
        }
      }
      below.forEach(id -> collect(id, found, depth + 1));
      String next = page.path("nextCursor").asText("");
      cursor = next.isEmpty() ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
  }

  private long used(String slug) {
    return admin.get("/workspaces/" + slug).is(200).json().path("used").asLong(-1);
  }

  private static <T> T any(List<T> list) {
    return list.get(ThreadLocalRandom.current().nextInt(list.size()));
  }
}
