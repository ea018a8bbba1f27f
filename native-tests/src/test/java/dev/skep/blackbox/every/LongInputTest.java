package dev.skep.blackbox.every;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Description;
import dev.skep.blackbox.Description.Field;
import dev.skep.blackbox.Description.Operation;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Skep;
import dev.skep.testkit.LongTexts;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Whatever is sent, in whatever place of a request, costs work that grows with its length and no
 * faster: long runs of each separator, bracket and combining mark in every header, parameter and
 * field that the description knows, and in the headers that every route reads. What counts is the
 * processor time of the server, so that a busy machine does not matter.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LongInputTest {

  /** Of a head. It has few bytes, so that quadratic work on it takes some seconds at most. */
  private static final Duration BOUND = Duration.ofMillis(250);

  /** Of a body: hashing a password may take half of it, quadratic work takes minutes. */
  private static final Duration BOUND_OF_BODY = Duration.ofSeconds(1);

  /** What else the process does meanwhile may count once, but not each time. */
  private static final int TRIES = 3;

  private static final int HEADER_LENGTH = 20_000;
  private static final int ADDRESS_LENGTH = 15_000;
  private static final int FIELD_LENGTH = 300_000;

  private static final Set<String> OF_EVERY_ROUTE =
      Set.of(
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "Authorization",
          "Cache-Control",
          "Content-Disposition",
          "Content-Encoding",
          "Content-Range",
          "Content-Type",
          "Cookie",
          "Expect",
          "Forwarded",
          "Origin",
          "Prefer",
          "X-Forwarded-For",
          "X-Request-Id");

  /** What may stand in a path and in a query as it is. */
  private static final String PLAIN = ",;=:*()-./";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Skep skep = Skep.start();
  private final Samples samples = new Samples(skep);

  @AfterAll
  void stop() {
    skep.close();
  }

  @TestFactory
  Stream<DynamicTest> inAHeaderCostsWhatItsLengthIs() {
    return Description.get().operations().stream()
        .flatMap(
            operation ->
                headers(operation)
                    .map(
                        header ->
                            each(
                                operation + " " + header,
                                HEADER_LENGTH,
                                text -> request(operation).header(header, latin1(text)))));
  }

  private static Stream<String> headers(Operation operation) {
    Stream<String> own = parameters(operation, "header:");
    return Set.of("GET /api/v1/nodes/{id}", "POST /api/v1/users", "PUT /api/v1/nodes/{id}/content")
            .contains(operation.toString())
        ? Stream.concat(own, OF_EVERY_ROUTE.stream())
        : own;
  }

  @TestFactory
  Stream<DynamicTest> inAQueryCostsWhatItsLengthIs() {
    return Description.get().operations().stream()
        .flatMap(
            operation ->
                parameters(operation, "query:")
                    .map(
                        parameter ->
                            each(
                                operation + " ?" + parameter,
                                ADDRESS_LENGTH,
                                text -> request(operation, with(operation, parameter, text)))));
  }

  @TestFactory
  Stream<DynamicTest> inAPathCostsWhatItsLengthIs() {
    return Description.get().operations().stream()
        .filter(operation -> operation.route().contains("{"))
        .map(
            operation ->
                each(
                    operation.toString(),
                    ADDRESS_LENGTH,
                    text ->
                        request(
                            operation, operation.route().replaceFirst("\\{.*", encoded(text)))));
  }

  @TestFactory
  Stream<DynamicTest> inAFieldCostsWhatItsLengthIs() {
    return Description.get().operations().stream()
        .filter(Operation::json)
        .flatMap(
            operation ->
                operation.fields().stream()
                    .map(
                        field ->
                            each(
                                operation + " /" + field.name(),
                                FIELD_LENGTH,
                                text -> json(request(operation), with(operation, field, text)))));
  }

  private DynamicTest each(String what, int length, Function<String, RawRequest> request) {
    Duration bound = length == FIELD_LENGTH ? BOUND_OF_BODY : BOUND;
    return dynamicTest(
        what, () -> texts(what, length).forEach(text -> isBounded(what, text, bound, request)));
  }

  /** Fewer where each request hashes a password. */
  private static Stream<String> texts(String what, int length) {
    List<String> all = LongTexts.of(length).toList();
    boolean hashes = what.contains("/sessions /") || what.contains("/password /");
    return hashes ? all.subList(all.size() - 4, all.size()).stream() : all.stream();
  }

  private void isBounded(
      String what, String text, Duration bound, Function<String, RawRequest> request) {
    Duration least = cost(request.apply(text));
    for (int again = 1; again < TRIES && least.compareTo(bound) > 0; again++) {
      Duration cost = cost(request.apply(text));
      least = cost.compareTo(least) < 0 ? cost : least;
    }
    assertThat(least).as("%s: %s…", what, text.substring(0, 5)).isLessThan(bound);
  }

  private Duration cost(RawRequest request) {
    Duration before = processorTime();
    try {
      request.send();
    } catch (UncheckedIOException e) {
      // Refused before all of it was read.
    }
    return processorTime().minus(before);
  }

  private Duration processorTime() {
    return skep.process().info().totalCpuDuration().orElseThrow();
  }

  private RawRequest request(Operation operation) {
    return request(operation, samples.path(operation));
  }

  private RawRequest request(Operation operation, String path) {
    Client client = operation.open() ? skep.nobody() : samples.admin();
    RawRequest request = RawRequest.of(client, operation.method(), path);
    return operation.json() ? json(request, samples.body(operation).replace('\'', '"')) : request;
  }

  private static RawRequest json(RawRequest request, String body) {
    return request
        .header("Content-Type", "application/json")
        .header("Content-Length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length))
        .body(body);
  }

  /** The good body with a long text in this field. */
  private String with(Operation operation, Field field, String text) {
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(samples.body(operation).replace('\'', '"'));
      return JSON.writeValueAsString(body.set(field.name(), field.holding(text)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The parameter first, for the first of a name counts. */
  private String with(Operation operation, String parameter, String text) {
    String path = samples.path(operation);
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    return plain
        + ("?" + parameter + "=" + encoded(text))
        + (query < 0 ? "" : "&" + path.substring(query + 1));
  }

  private static Stream<String> parameters(Operation operation, String in) {
    return operation.parameters().stream()
        .filter(parameter -> parameter.startsWith(in))
        .map(parameter -> parameter.substring(in.length()));
  }

  /** As UTF-8, of which a header's characters are the bytes. */
  private static String latin1(String text) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return whole.substring(0, Math.min(whole.length(), HEADER_LENGTH));
  }

  /** Percent-encoded where it must be, and no longer than an address may be. */
  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (int at = 0; at < text.length() && encoded.length() < ADDRESS_LENGTH; at++) {
      String next = text.substring(at, at + 1);
      encoded.append(PLAIN.contains(next) ? next : URLEncoder.encode(next, StandardCharsets.UTF_8));
    }
    return encoded.toString();
  }
}
