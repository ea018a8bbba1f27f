package dev.skep.blackbox.rights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rule of permissions on 1,000 random trees (P9): what is answered is what {@link Rule} says.
 */
@BlackBox
@Tag("P9")
final class RandomTreesTest {

  private static final int TREES = 1000;
  private static final int THREADS = 12;
  private static final int ASKED_BY = 1;
  private static final List<String> RIGHTS = List.of("read", "write", "delete", "share", "admin");

  private final People people;
  private final Client admin;

  RandomTreesTest(Skep skep) {
    this.people = new People(skep);
    this.admin = skep.admin();
  }

  @Test
  void aThousandRandomTreesAnswerAsTheRuleSays() throws Exception {
    long seed = Long.getLong("skep.test.seed", System.nanoTime());
    System.out.println("random trees of permissions: -Dskep.test.seed=" + seed);
    Crowd crowd = crowd();
    List<Place> roots = roots(crowd);
    Map<Place, List<Place>> tops = new ConcurrentHashMap<>();
    AtomicInteger next = new AtomicInteger();
    Together.run(
        THREADS,
        thread -> {
          for (int tree = next.getAndIncrement(); tree < TREES; tree = next.getAndIncrement()) {
            Random random = new Random(seed + tree);
            Place root = roots.get(tree % roots.size());
            List<Place> places = tree(random, crowd, root, "t" + tree);
            tops.computeIfAbsent(root, key -> new CopyOnWriteArrayList<>()).add(places.getFirst());
            for (int i = 0; i < ASKED_BY; i++) {
              Client asker = crowd.users().get(random.nextInt(crowd.users().size()));
              places.forEach(place -> compare(crowd.rule(), asker, place, places));
            }
          }
        });
    for (Place root : roots) {
      crowd.users().forEach(user -> compare(crowd.rule(), user, root, tops.get(root)));
    }
    assertThat(tops.values().stream().mapToInt(List::size).sum()).isEqualTo(TREES);
  }

  /** Four people and a stranger; groups in groups. */
  private Crowd crowd() {
    List<Client> users = new ArrayList<>();
    for (String word : List.of("anna", "ben", "cleo", "dora")) {
      users.add(people.person(word));
    }
    Map<String, List<String>> groups = new TreeMap<>();
    List<String> members = users.stream().map(user -> "user:" + user.user()).toList();
    String inner = group(groups, "inner", members.get(0));
    String middle = group(groups, "middle", members.get(1), "group:" + inner);
    group(groups, "outer", "group:" + middle, members.get(2));
    group(groups, "across", members.get(0), members.get(2));
    group(groups, "empty");
    List<String> subjects = new ArrayList<>(members);
    groups.keySet().forEach(group -> subjects.add("group:" + group));
    subjects.addAll(List.of("everyone", "everyone"));
    return new Crowd(users, subjects, new Rule(groups));
  }

  private record Crowd(List<Client> users, List<String> subjects, Rule rule) {}

  private String group(Map<String, List<String>> groups, String word, String... members) {
    String name = people.group(word, members);
    groups.put(name, List.of(members));
    return name;
  }

  /** Workspaces with nothing given, and with something given on their root. */
  private List<Place> roots(Crowd crowd) {
    List<Place> roots = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String slug = people.workspace("trees");
      Place root = new Place(people.root(slug), null, "/" + slug, true, new TreeMap<>());
      roots.add(root);
    }
    give(roots.get(1), "everyone", Set.of("read"));
    give(roots.get(2), crowd.subjects().get(4), Set.of("read", "write"));
    give(roots.get(2), crowd.subjects().get(3), Set.of());
    give(roots.get(3), crowd.subjects().get(1), Set.of("write", "admin"));
    give(roots.get(3), crowd.subjects().get(5), Set.of("read", "delete"));
    return roots;
  }

  private List<Place> tree(Random random, Crowd crowd, Place root, String name) {
    List<Place> places = new ArrayList<>();
    places.add(folder(root, name));
    int more = random.nextInt(9);
    while (places.size() <= more) {
      List<Place> folders = places.stream().filter(Place::folder).toList();
      // The latest ones rather than any, so that trees get deep.
      Place parent = folders.get(Math.max(0, folders.size() - 1 - random.nextInt(2)));
      String child = "n" + places.size();
      places.add(random.nextInt(3) == 0 ? file(parent, child) : folder(parent, child));
    }
    int entries = random.nextInt(6);
    for (int i = 0; i < entries; i++) {
      Place place = places.get(random.nextInt(places.size()));
      String subject = crowd.subjects().get(random.nextInt(crowd.subjects().size()));
      give(place, subject, rights(random));
    }
    return places;
  }

  private static Set<String> rights(Random random) {
    Set<String> rights = new TreeSet<>();
    if (random.nextInt(4) > 0) {
      RIGHTS.forEach(
          right -> {
            if (random.nextInt(2) == 0) {
              rights.add(right);
            }
          });
    }
    return rights;
  }

  private Place folder(Place parent, String name) {
    Answer made = admin.post("/nodes/" + parent.id() + "/children", "{'name':'" + name + "'}");
    return new Place(made.is(201).id(), parent, name, true, new TreeMap<>());
  }

  private Place file(Place parent, String name) {
    StringBuilder path = new StringBuilder(name);
    for (Place at = parent; at != null; at = at.parent()) {
      path.insert(0, at.name() + "/");
    }
    Answer made = admin.put("/files" + path, name);
    return new Place(made.is(201).id(), parent, name, false, new TreeMap<>());
  }

  private void give(Place place, String subject, Set<String> rights) {
    Answer given =
        admin.putJson(
            "/nodes/" + place.id() + "/permissions/" + subject,
            People.rights(rights.toArray(String[]::new)));
    given.is(place.entries().containsKey(subject) ? 200 : 201);
    place.entries().put(subject, rights);
  }

  private static void compare(Rule rule, Client asker, Place place, List<Place> places) {
    String where = asker.user() + " at " + place;
    Set<String> rights = rule.rights(asker.user(), place);
    Answer node = asker.get("/nodes/" + place.id());
    assertThat(node.status()).as(where).isEqualTo(rights.isEmpty() ? 404 : 200);
    if (!rights.isEmpty()) {
      shows(rule, asker, place, node.json());
    }
    int status = rights.isEmpty() ? 404 : rights.contains("read") ? 200 : 403;
    Answer inside =
        asker.get("/nodes/" + place.id() + (place.folder() ? "/children?limit=1000" : "/content"));
    assertThat(inside.status()).as(where).isEqualTo(status);
    if (status == 200 && place.folder()) {
      children(rule, asker, place, places, inside.json().path("items"));
    } else if (status == 200) {
      assertThat(inside.text()).isEqualTo(place.name());
    }
  }

  private static void children(
      Rule rule, Client asker, Place folder, List<Place> places, JsonNode items) {
    Map<String, Place> visible = new TreeMap<>();
    places.stream()
        .filter(place -> place.parent() == folder)
        .filter(place -> !rule.rights(asker.user(), place).isEmpty())
        .forEach(place -> visible.put(place.id(), place));
    List<String> shown = new ArrayList<>();
    items.forEach(item -> shown.add(item.path("id").asText()));
    assertThat(shown)
        .as("the children that %s sees of %s", asker.user(), folder)
        .containsExactlyInAnyOrderElementsOf(visible.keySet());
    items.forEach(item -> shows(rule, asker, visible.get(item.path("id").asText()), item));
  }

  private static void shows(Rule rule, Client asker, Place place, JsonNode node) {
    String where = asker.user() + " at " + place;
    Set<String> rights = new TreeSet<>();
    node.path("rights").forEach(right -> rights.add(right.asText()));
    assertThat(rights).as(where).isEqualTo(new TreeSet<>(rule.rights(asker.user(), place)));
    assertThat(node.path("path").asText()).as(where).isEqualTo(rule.path(asker.user(), place));
  }
}
