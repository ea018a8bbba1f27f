package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.blackbox.cluster.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Fills etcd up to its quota, and does what its operator does then; over its HTTP gateway. */
final class EtcdSpace {

  private static final String KEY = base64("filler/");
  private static final String BEHIND = base64("filler0");
  private static final int VALUE = 500_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Store etcd;

  EtcdSpace(Store etcd) {
    this.etcd = etcd;
  }

  /** Until it refuses to take more, which raises its alarm. */
  void fill() {
    String value = base64("x".repeat(VALUE));
    String put = "{'key':'%s','value':'%s'}".formatted(KEY, value);
    for (int i = 0; i < 100; i++) {
      HttpResponse<String> answer = ask("kv/put", put);
      if (answer.statusCode() != 200) {
        assertThat(answer.body()).contains("database space exceeded");
        return;
      }
    }
    throw new AssertionError("etcd does not get full");
  }

  /** Removes the filler and its history, gives the room back and disarms the alarm. */
  void makeRoom() {
    JsonNode removed =
        done("kv/deleterange", "{'key':'%s','range_end':'%s'}".formatted(KEY, BEHIND));
    String revision = removed.path("header").path("revision").asText();
    done("kv/compaction", "{'revision':'%s','physical':true}".formatted(revision));
    done("maintenance/defragment", "{}");
    for (JsonNode alarm : done("maintenance/alarm", "{'action':'GET'}").path("alarms")) {
      done(
          "maintenance/alarm",
          "{'action':'DEACTIVATE','memberID':'%s','alarm':'%s'}"
              .formatted(alarm.path("memberID").asText(), alarm.path("alarm").asText()));
    }
  }

  private JsonNode done(String what, String body) {
    HttpResponse<String> answer = ask(what, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> ask(String what, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + etcd.port() + "/v3/" + what))
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
