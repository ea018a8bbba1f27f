package dev.skep.blackbox.every;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Description;
import dev.skep.blackbox.Description.Operation;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Request;
import dev.skep.blackbox.Skep;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** JSON that no route takes, sent to every route that takes JSON; nothing may change by it. */
@BlackBox
final class EveryBodyTest {

  private final Samples samples;

  EveryBodyTest(Skep skep) {
    this.samples = new Samples(skep);
  }

  @TestFactory
  Stream<DynamicTest> ofTheWrongShapeIsRefused() {
    return each(
        operation -> {
          for (String body :
              List.of("[]", "7", "'text'", "true", "{", "{'a':}", "{a:1}", "\u0000")) {
            refused(operation, request(operation).json(body), 400, "malformed");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> withAnUnknownFieldNamesIt() {
    return each(
        operation ->
            refused(
                    operation,
                    request(operation).json(plus(operation, "'no/such~field':1")),
                    400,
                    "malformed")
                .isMalformed("/no~1such~0field"));
  }

  @TestFactory
  Stream<DynamicTest> withWhatTheServerSetsNamesIt() {
    return each(
        operation ->
            refused(
                    operation,
                    request(operation).json(plus(operation, "'createdAt':'2020-01-01T00:00:00Z'")),
                    400,
                    "malformed")
                .isMalformed("/createdAt"));
  }

  @TestFactory
  Stream<DynamicTest> withAFieldTwiceIsRefused() {
    return each(
        operation -> {
          String good = samples.body(operation);
          String field = good.substring(1, good.length() - 1);
          refused(
              operation,
              request(operation).json("{" + field + "," + field + "}"),
              400,
              "malformed");
        });
  }

  @TestFactory
  Stream<DynamicTest> withSomethingBehindItIsRefused() {
    return each(
        operation ->
            refused(
                operation,
                request(operation).json(samples.body(operation) + " {}"),
                400,
                "malformed"));
  }

  @TestFactory
  Stream<DynamicTest> thatIsTooDeepIsRefused() {
    String deep = "[".repeat(5000) + "]".repeat(5000);
    return each(
        operation -> {
          refused(operation, request(operation).json(deep), 400, "malformed");
          refused(
              operation, request(operation).json(plus(operation, "'x':" + deep)), 400, "malformed");
        });
  }

  @TestFactory
  Stream<DynamicTest> thatIsTooLargeIsRefused() {
    String large = " ".repeat((1 << 20) + 1);
    return each(
        operation ->
            refused(
                operation,
                request(operation).json(samples.body(operation) + large),
                413,
                "too-large"));
  }

  @TestFactory
  Stream<DynamicTest> thatIsNoUtf8IsRefused() {
    byte[] bytes = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
    return each(
        operation ->
            refused(
                operation,
                request(operation).type("application/json").bytes(bytes),
                400,
                "malformed"));
  }

  @TestFactory
  Stream<DynamicTest> ofAnotherMediaTypeIsRefused() {
    return each(
        operation -> {
          for (String type :
              List.of(
                  "text/plain",
                  "application/foo+json",
                  "application/x-www-form-urlencoded",
                  "text/json",
                  "/",
                  "a",
                  "a/",
                  "/a",
                  ";",
                  ",",
                  "application/json,",
                  "a/b;" + "x".repeat(30_000))) {
            Answer answer = raw(operation, type, samples.body(operation)).send();
            assertThat(answer.status())
                .as("%s as %s: %s", operation, type, answer.text())
                .isEqualTo(415);
            answer.isProblem(415, "unsupported-media-type");
            assertThat(answer.text()).hasSizeLessThan(1000);
          }
        });
  }

  /** Whatever its parameters say, or without a type at all: it is taken as JSON. */
  @TestFactory
  Stream<DynamicTest> isReadWhateverTheParametersOfItsTypeSay() {
    return each(
        operation -> {
          for (String type :
              List.of(
                  "application/json;", "Application/JSON ; charset=UTF-8", "application/json;x")) {
            Answer answer = raw(operation, type, "{").send();
            assertThat(answer.status()).as("%s as %s", operation, type).isEqualTo(400);
            answer.isProblem(400, "malformed");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> thatIsNotThereMayBeCalledAnything() {
    return each(
        operation -> {
          for (String type : List.of("", "/", "a", "a/", ";", ",", "x".repeat(30_000))) {
            Answer answer = raw(operation, type, "").send();
            assertThat(answer.status())
                .as("%s as %s: %s", operation, type, answer.text())
                .isLessThan(500);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> thatIsTooLargeIsRefusedWhateverItIsCalled() {
    byte[] large = new byte[6 << 20];
    return each(
        operation -> {
          for (String type : List.of("application/foo+json", "text/plain")) {
            Answer answer = request(operation).type(type).bytes(large).send();
            assertThat(answer.status()).as("%s as %s", operation, type).isIn(413, 415);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> whereNoneIsWantedHasItsLimitsToo() {
    return Description.get().operations().stream()
        .filter(operation -> !operation.json())
        .filter(operation -> List.of("POST", "PUT", "PATCH").contains(operation.method()))
        .filter(operation -> !operation.route().matches(".*/content|.*/\\{path}"))
        .map(
            operation ->
                dynamicTest(
                    operation.toString(),
                    () -> {
                      refused(
                          operation,
                          request(operation).json(" ".repeat((1 << 20) + 1)),
                          413,
                          "too-large");
                      refused(
                          operation,
                          request(operation).type("text/plain").text("plain"),
                          415,
                          "unsupported-media-type");
                    }));
  }

  private RawRequest raw(Operation operation, String type, String body) {
    return RawRequest.of(client(operation), operation.method(), samples.path(operation))
        .header("Content-Type", type)
        .header("Content-Length", Integer.toString(body.length()))
        .body(body);
  }

  private Answer refused(Operation operation, Request request, int status, String code) {
    String before = samples.state();
    Answer answer = request.send().isProblem(status, code);
    assertThat(samples.state()).as("the state after %s", operation).isEqualTo(before);
    return answer;
  }

  private Request request(Operation operation) {
    return client(operation).request(operation.method(), samples.path(operation));
  }

  private Client client(Operation operation) {
    return operation.open() ? samples.admin().skep().nobody() : samples.admin();
  }

  /** The good body with one field more. */
  private String plus(Operation operation, String field) {
    String good = samples.body(operation);
    return good.substring(0, good.length() - 1) + "," + field + "}";
  }

  private static Stream<DynamicTest> each(Consumer<Operation> test) {
    return Description.get().operations().stream()
        .filter(Operation::json)
        .map(operation -> dynamicTest(operation.toString(), () -> test.accept(operation)));
  }
}
