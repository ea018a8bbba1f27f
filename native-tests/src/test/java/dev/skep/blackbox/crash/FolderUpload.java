package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Digests;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Uploads a folder of many small files, several at once; the folders are made on the way. */
final class FolderUpload extends Actor {

  private static final int LARGEST = 8_000;
  private static final int FOLDERS = 10;

  /** The ETag of each file whose upload was answered, by its path. */
  private final Map<String, String> stored = new ConcurrentHashMap<>();

  private final Set<String> fresh = ConcurrentHashMap.newKeySet();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();

  FolderUpload() {
    super("a folder's upload", 3);
  }

  @Override
  void prepare(Client client) {}

  @Override
  void act(Client client, int thread, Round round) {
    for (int i = 0; ; i++) {
      String path = "/home/up-%d/%d/%d-%d".formatted(round.number(), i % FOLDERS, thread, i);
      cutOff.add(path);
      Answer answer = send(thread, () -> client.put("/files" + path, body(path))).is(201);
      stored.put(path, answer.etag());
      fresh.add(path);
      cutOff.remove(path);
    }
  }

  private static byte[] body(String path) {
    Random random = new Random(path.hashCode());
    int largest = random.nextBoolean() ? KilledDriveTest.SMALL : LARGEST;
    byte[] body = new byte[random.nextInt(largest + 1)];
    random.nextBytes(body);
    return body;
  }

  @Override
  void verify(Client client) {
    for (String path : fresh) {
      assertWhole(path, client.get("/files" + path).is(200), stored.get(path));
    }
    for (String path : cutOff) {
      Answer answer = client.get("/files" + path);
      learnt(answer.status() != 404);
      if (answer.status() != 404) {
        assertWhole(path, answer.is(200), answer.etag());
        stored.put(path, answer.etag());
      }
    }
    fresh.clear();
    cutOff.clear();
  }

  private static void assertWhole(String path, Answer answer, String etag) {
    assertThat(answer.body()).as(path).isEqualTo(body(path));
    assertThat(answer.etag()).as(path).isEqualTo(etag);
  }

  /** That the tree has each of them, as it was answered, and no other. */
  void assertAllIn(Tree tree) {
    Map<String, String> etags = new TreeMap<>();
    for (JsonNode file : tree.files()) {
      String path = file.path("path").asText();
      if (path.startsWith("/home/up-")) {
        etags.put(path, "\"" + file.path("etag").asText() + "\"");
        assertThat(file.path("sha256").asText()).as(path).isEqualTo(Digests.hex(body(path)));
      }
    }
    assertThat(etags).isEqualTo(new TreeMap<>(stored));
  }

  int files() {
    return stored.size();
  }
}
