package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An answer, and what can be demanded of it. */
public record Answer(String request, int status, HttpHeaders headers, byte[] body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Demands a status. */
  public Answer is(int expected) {
    assertThat(status).as("%s answered: %s", request, text()).isEqualTo(expected);
    Observations.demanded(request, status);
    return this;
  }

  /** Demands a problem document (RFC 9457) with all that API.md promises of one. */
  public Answer isProblem(int expected, String code) {
    is(expected);
    assertThat(header("Content-Type")).as(request).startsWith("application/problem+json");
    JsonNode problem = json();
    assertThat(problem.path("code").asText())
        .as("%s answered: %s", request, text())
        .isEqualTo(code);
    assertThat(problem.path("type").asText()).isEqualTo("urn:skep:problem:" + code);
    assertThat(problem.path("status").asInt()).isEqualTo(expected);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).isNotBlank();
    assertThat(problem.path("requestId").asText()).isNotBlank().isEqualTo(header("X-Request-Id"));
    return this;
  }

  /** Demands 400 that names what is wrong: a field as {@code /name}, a parameter by its name. */
  public Answer isMalformed(String pointer) {
    isProblem(400, "malformed");
    assertThat(json().path("errors").findValuesAsText("pointer"))
        .as("%s answered: %s", request, text())
        .contains(pointer);
    return this;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(request + " did not answer with JSON: " + text(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A field of the JSON, as text. */
  public String text(String field) {
    JsonNode value = json().path(field);
    assertThat(value.isMissingNode() || value.isNull())
        .as("%s has no %s: %s", request, field, text())
        .isFalse();
    return value.asText();
  }

  public String id() {
    return text("id");
  }

  /** The header; empty when it is absent. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  public Optional<String> optionalHeader(String name) {
    return headers.firstValue(name);
  }

  public String etag() {
    String etag = header("ETag");
    assertThat(etag).as("the ETag of %s", request).matches("\"[^\"]+\"");
    return etag;
  }

  /** A field of each item of a page. */
  public List<String> items(String field) {
    List<String> values = new ArrayList<>();
    json().path("items").forEach(item -> values.add(item.path(field).asText()));
    return values;
  }

  /** The names of the JSON's fields. */
  public List<String> fields() {
    List<String> names = new ArrayList<>();
    json().fieldNames().forEachRemaining(names::add);
    return names;
  }
}
