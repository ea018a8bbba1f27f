package dev.skep.blackbox.cluster.faults;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
  private final Record record;
  private final AtomicInteger hours = new AtomicInteger();

  /**
   * What was answered.
   *
   * @param acknowledged the length of each upload
   * @param refused names of what was not made
   */
  private record Record(Map<String, Integer> acknowledged, Set<String> refused) {}

  private Work(Replica replica, Client person, String folder, Record record) {
    this.replica = replica;
    this.person = person;
    this.folder = folder;
    this.record = record;
  }

  /** A new folder with what is read again and again. */
  static Work begin(Replica replica, Client person) {
    String name = Names.fresh("work");
    String id = person.put("/files/home/" + name + "/", new byte[0]).is(201).id();
    person.put("/files/home/" + name + "/large", LARGE).is(201);
    person.put("/files/home/" + name + "/small", SMALL).is(201);
    Record none = new Record(new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
    return new Work(replica, person, name + "|" + id, none);
  }

  /** The same work at another replica. */
  Work at(Replica other) {
    return new Work(other, other.as(person), folder, record);
  }

  Replica replica() {
    return replica;
  }

  Answer does(Operation operation) {
    return switch (operation) {
      case LIST -> person.get("/nodes/" + id() + "/children?limit=20");
      case LOOK_UP -> person.get("/nodes/lookup?path=/home/" + name() + "/small");
      case MAKE_FOLDER -> makeFolder();
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
    record.acknowledged.entrySet().parallelStream()
        .forEach(each -> same(person.get(path(each.getKey())).is(200), content(each)));
    return record.acknowledged.size();
  }

  private static byte[] content(Map.Entry<String, Integer> upload) {
    return bytes(upload.getKey().hashCode(), upload.getValue());
  }

  /** Whether nothing is there that was refused as not done; how many were. */
  int findsNothingThatWasRefused() {
    record.refused.parallelStream().forEach(each -> person.get(path(each)).is(404));
    return record.refused.size();
  }

  /** A new file of this length. */
  Answer upload(int length) {
    String name = Names.fresh("file");
    Answer answer = person.put(path(name), bytes(name.hashCode(), length));
    if (answer.status() == 201) {
      record.acknowledged.put(name, length);
    }
    return noted(name, answer);
  }

  private Answer makeFolder() {
    String name = Names.fresh("made");
    return noted(name, person.post("/nodes/" + id() + "/children", "{'name':'" + name + "'}"));
  }

  private Answer noted(String name, Answer answer) {
    if (answer.status() != 201 && !answer.text("code").equals("unknown-outcome")) {
      record.refused.add(name);
    }
    return answer;
  }

  /** All uploads of this length, to the trash and out of it. */
  void removesForGood(int length) {
    record.acknowledged.entrySet().removeIf(each -> each.getValue() == length && removed(each));
    person.delete("/trash?workspace=home").is(204);
  }

  private boolean removed(Map.Entry<String, Integer> upload) {
    person.delete(path(upload.getKey())).is(204);
    return record.refused.add(upload.getKey());
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
