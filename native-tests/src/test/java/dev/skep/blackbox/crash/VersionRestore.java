package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import java.util.ArrayList;
import java.util.List;

/** Restores the two first contents of a file in turn; each time that is a version more. */
final class VersionRestore extends Actor {

  private static final List<String> CONTENTS =
      List.of("the first content", "the second is no small one ".repeat(3));

  private final List<String> versions = new ArrayList<>();
  private final List<String> etags = new ArrayList<>();
  private String file;
  private volatile int current;
  private volatile int count;
  private volatile boolean asked;

  VersionRestore() {
    super("a restore of a version", 1);
  }

  @Override
  void prepare(Client client) {
    for (String content : CONTENTS) {
      Answer put = client.put("/files/home/versions.txt", content);
      file = put.id();
      etags.add(put.etag());
    }
    versions.addAll(client.get("/nodes/" + file + "/versions").is(200).items("id").reversed());
    current = 1;
    count = 2;
  }

  @Override
  void act(Client client, int thread, Round round) {
    while (true) {
      asked = true;
      String version = versions.get(1 - current);
      String path = "/nodes/" + file + "/versions/" + version + "/restore";
      Answer answer = send(thread, () -> client.post(path)).is(200);
      assertThat("\"" + answer.text("etag") + "\"").isEqualTo(etags.get(1 - current));
      current = 1 - current;
      count++;
      asked = false;
    }
  }

  @Override
  void verify(Client client) {
    List<JsonNode> all = versions(client);
    boolean happened = asked && all.size() == count + 1;
    if (asked) {
      learnt(happened);
      current = happened ? 1 - current : current;
      count += happened ? 1 : 0;
      asked = false;
    }
    assertThat(all).as("versions").hasSize(count);
    assertThat(all.stream().filter(version -> version.path("current").asBoolean())).hasSize(1);
    assertThat(all.getFirst().path("current").asBoolean()).isTrue();
    Answer answer = client.get("/nodes/" + file + "/content").is(200);
    assertThat(answer.text()).isEqualTo(CONTENTS.get(current));
    assertThat(answer.etag()).isEqualTo(etags.get(current));
  }

  private List<JsonNode> versions(Client client) {
    return client.items("/nodes/" + file + "/versions?limit=1000");
  }

  /** What the versions take of the quota beside the current one. */
  long olderBytes(Client client) {
    return versions(client).stream()
        .filter(version -> !version.path("current").asBoolean())
        .mapToLong(version -> version.path("size").asLong())
        .sum();
  }

  /** The ETag of the content that is not small; the current one or not. */
  String etagOfBlob() {
    return etags.get(1);
  }
}
