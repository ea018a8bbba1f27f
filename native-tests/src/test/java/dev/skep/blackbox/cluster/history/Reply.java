package dev.skep.blackbox.cluster.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a call, with all its repetitions, came to.
 *
 * @param status of the last answer, which is final; 0 when patience ended before there was one
 * @param doubtful whether one of the requests may have had its effect, or may still have it,
 *     without its answer having come
 * @param span from before the first request until after the last answer
 */
record Reply(Call call, int status, byte[] body, boolean doubtful, Span span) {

  private static final ObjectMapper JSON = new ObjectMapper();

  boolean is(int... statuses) {
    return Arrays.stream(statuses).anyMatch(each -> each == status);
  }

  boolean isDone() {
    return status >= 200 && status < 300;
  }

  Outcome outcome() {
    if (isDone()) {
      return Outcome.DONE;
    }
    return doubtful ? Outcome.UNKNOWN : Outcome.REFUSED;
  }

  /** Whether it may have its effect (again) at any later time. */
  boolean isLate() {
    boolean once = call.hasCondition() || (call.hasKey() && isDone());
    return doubtful && !once;
  }

  JsonNode json() {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(this + " is no JSON", e);
    }
  }

  String text(String field) {
    return json().path(field).asText();
  }

  @Override
  public String toString() {
    String told =
        new String(body, 0, Math.min(body.length, 300), StandardCharsets.UTF_8)
            .replaceAll("[^\\x20-\\x7e]", "?");
    return "%s → %d%s %s".formatted(call, status, doubtful ? " (doubtful)" : "", told);
  }
}
