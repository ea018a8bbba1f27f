package dev.skep.blackbox.cluster.faults;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody's work at a replica. Thread-safe. */
final class Work {

  /** Too large to be kept with the tree. */
  private static final byte[] LARGE = bytes(1, 150_000);

  private static final byte[] SMALL = bytes(2, 1_000);

  private final Replica replica;
  private final Client person;
  private final String folder;
  private final Map<String, Long> acknowledged;
  private final AtomicInteger hours = new AtomicInteger();

  private Work(Replica replica, Client person, String folder, Map<String, Long> acknowledged) {
    this.replica = replica;
    this.person = person;
    this.folder = folder;
    this.acknowledged = acknowledged;
  }

  /** A new folder with what is read again and again. */
  static Work begin(Replica replica, Client person) {
    String name = Names.fresh("work");
    String id = person.put("/files/home/" + name + "/", new byte[0]).is(201).id();
    person.put("/files/home/" + name + "/large", LARGE).is(201);
    person.put("/files/home/" + name + "/small", SMALL).is(201);
    return new Work(replica, person, name + "|" + id, new ConcurrentHashMap<>());
  }

  /** The same work at another replica. */
  Work at(Replica other) {
    return new Work(other, other.as(person), folder, acknowledged);
  }

  Replica replica() {
    return replica;
  }

  Answer does(Operation operation) {
    return switch (operation) {
      case LIST -> person.get("/nodes/" + id() + "/children?limit=20");
      case LOOK_UP -> person.get("/nodes/lookup?path=/home/" + name() + "/small");
      case MAKE_FOLDER ->
          person.post("/nodes/" + id() + "/children", "{'name':'" + Names.fresh("made") + "'}");
      case UPLOAD_SMALL -> upload(1_000);
      case DOWNLOAD_SMALL -> same(person.get(path("small")), SMALL);
      case UPLOAD -> upload(100_000);
      case DOWNLOAD -> same(person.get(path("large")), LARGE);
      case LOG_IN ->
          replica
              .nobody()
              .post("/sessions", "{'name':'admin','password':'" + Replicas.PASSWORD + "'}");
      case READ_SETTINGS -> replica.admin().get("/settings");
      case CHANGE_SETTING ->
          replica
              .admin()
              .putJson(
                  "/settings/identity.session-hours",
                  "{'value':" + (24 + hours.incrementAndGet() % 100) + "}");
      case SEE_CLUSTER -> replica.admin().get("/cluster");
    };
  }

  /** Whether each upload that was acknowledged is there, byte for byte; how many were. */
  int findsWhatWasAcknowledged() {
    acknowledged.entrySet().parallelStream()
        .forEach(
            each -> {
              int length = each.getKey().startsWith("l") ? 100_000 : 1_000;
              same(person.get(path(each.getKey())).is(200), bytes(each.getValue(), length));
            });
    return acknowledged.size();
  }

  private Answer upload(int length) {
    String name = Names.fresh(length > 16_384 ? "l" : "s");
    long seed = name.hashCode();
    Answer answer = person.put(path(name), bytes(seed, length));
    if (answer.status() == 201) {
      acknowledged.put(name, seed);
    }
    return answer;
  }

  private static Answer same(Answer answer, byte[] expected) {
    if (answer.status() == 200 && !java.util.Arrays.equals(answer.body(), expected)) {
      throw new AssertionError(answer.request() + " has other bytes than were put");
    }
    return answer;
  }

  private String path(String file) {
    return "/files/home/" + name() + "/" + file;
  }

  private String name() {
    return folder.substring(0, folder.indexOf('|'));
  }

  private String id() {
    return folder.substring(folder.indexOf('|') + 1);
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
