package dev.skep.blackbox.every;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Description;
import dev.skep.blackbox.Description.Operation;
import dev.skep.blackbox.Request;
import dev.skep.blackbox.Skep;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Log-in, conditions, pages and methods, of every route that has them. */
@BlackBox
final class EveryRouteTest {

  private final Skep skep;
  private final Samples samples;

  EveryRouteTest(Skep skep) {
    this.skep = skep;
    this.samples = new Samples(skep);
  }

  @TestFactory
  Stream<DynamicTest> isClosedWithoutLogIn() {
    return each(
        operation -> !operation.open(),
        operation ->
            refused(request(operation, skep.nobody()::request), operation, 401, "unauthenticated"));
  }

  @TestFactory
  Stream<DynamicTest> isClosedToAForgedSecret() {
    return each(
        operation -> !operation.open(),
        operation -> {
          Answer answer = request(operation, skep.as("admin", "forged")::request).send().is(401);
          assertThat(answer.headers().allValues("WWW-Authenticate"))
              .anyMatch(it -> it.startsWith("Bearer"))
              .anyMatch(it -> it.startsWith("Basic"));
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesAMethodThatItDoesNotHave() {
    List<String> methods = List.of("GET", "PUT", "POST", "PATCH", "DELETE");
    return Description.get().operations().stream()
        // To /nodes/{id}, "lookup" is an id as any other.
        .filter(operation -> !operation.route().startsWith("/q/"))
        .filter(operation -> !operation.route().equals("/api/v1/nodes/lookup"))
        .map(Operation::route)
        .distinct()
        .flatMap(
            route ->
                methods.stream()
                    .filter(method -> Description.get().operation(method, route).isEmpty())
                    .map(
                        method ->
                            dynamicTest(
                                method + " " + route,
                                () -> {
                                  Operation any = anyOf(route);
                                  samples
                                      .admin()
                                      .request(method, samples.path(any))
                                      .send()
                                      .isProblem(405, "method-not-allowed");
                                })));
  }

  private static Operation anyOf(String route) {
    return Description.get().operations().stream()
        .filter(operation -> operation.route().equals(route))
        .findFirst()
        .orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> saysNotFoundOfWhatIsNotThere() {
    // The 404 of the first is that of a scope's path, of the second that of an access token, which
    // is no session: TokensTest has both.
    Set<String> others = Set.of("/api/v1/tokens", "/api/v1/sessions/current");
    return each(
        operation -> operation.statuses().contains(404) && !others.contains(operation.route()),
        operation -> {
          String path = samples.pathOfNothing(operation);
          Request request = samples.admin().request(operation.method(), path);
          refused(
              operation.json() ? request.json(samples.body(operation)) : request,
              operation,
              404,
              "not-found");
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesWhoMaySeeButNotDoThis() {
    return each(
        operation -> operation.statuses().contains(403),
        operation ->
            refused(
                request(operation, samples.whoMayNot(operation)::request),
                operation,
                403,
                "forbidden"));
  }

  @TestFactory
  Stream<DynamicTest> outsideContentAndMeIsClosedToAScopedToken() {
    return each(
        operation ->
            !operation.open()
                && !operation.route().matches("/api/v1/(files|nodes|trash|workspaces|me).*|/q/.*"),
        operation ->
            refused(request(operation, samples.scoped()::request), operation, 403, "forbidden"));
  }

  @TestFactory
  Stream<DynamicTest> refusesAWriteOfWhatHasChanged() {
    return each(
        operation -> takesIfMatch(operation) && writes(operation),
        operation ->
            refused(
                request(operation, samples.admin()::request).ifMatch("\"99999999\""),
                operation,
                412,
                "precondition-failed"));
  }

  @TestFactory
  Stream<DynamicTest> refusesAMalformedCondition() {
    return each(
        EveryRouteTest::takesIfMatch,
        operation -> {
          Answer answer =
              request(operation, samples.admin()::request).ifMatch("not quoted").send().is(400);
          if (!operation.method().equals("HEAD")) {
            answer.isMalformed("If-Match");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> answersNotModifiedToWhoHasIt() {
    return each(
        operation -> operation.parameters().contains("header:If-None-Match") && !writes(operation),
        operation -> {
          String path = samples.path(operation);
          Answer first = samples.admin().request(operation.method(), path).send().is(200);
          Answer again =
              samples
                  .admin()
                  .request(operation.method(), path)
                  .ifNoneMatch(first.etag())
                  .send()
                  .is(304);
          assertThat(again.body()).isEmpty();
          assertThat(again.etag()).isEqualTo(first.etag());
          samples
              .admin()
              .request(operation.method(), path)
              .ifNoneMatch("\"another\"")
              .send()
              .is(200);
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesAMalformedIfNoneMatch() {
    return each(
        operation ->
            operation.parameters().contains("header:If-None-Match")
                && operation.method().equals("GET"),
        operation ->
            request(operation, samples.admin()::request)
                .ifNoneMatch("not quoted")
                .send()
                .isMalformed("If-None-Match"));
  }

  @TestFactory
  Stream<DynamicTest> refusesLimitsThatNoPageHas() {
    return each(
        operation -> operation.parameters().contains("query:limit") && !isContent(operation),
        operation -> {
          for (String limit : List.of("0", "-1", "1001", "ten", "99999999999")) {
            samples.admin().get(with(operation, "limit=" + limit)).isMalformed("limit");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> refusesCursorsOfAnotherQueryAndForgedOnes() {
    String folder = "/nodes/" + samples.people().root("home") + "/children";
    samples.admin().put("/files/home/of-another-query/1/", new byte[0]);
    samples.admin().put("/files/home/of-another-query-too/", new byte[0]);
    String foreign = samples.admin().get(folder + "?limit=1").is(200).text("nextCursor");
    return each(
        operation -> operation.parameters().contains("query:cursor") && !isContent(operation),
        operation -> {
          for (String cursor : List.of(foreign, "forged", "%00", foreign.substring(1), "AAAA")) {
            samples.admin().get(with(operation, "cursor=" + cursor)).isProblem(400, "bad-cursor");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> saysWhenItHasNothingThatTheClientAccepts() {
    return each(
        operation -> operation.statuses().contains(406),
        operation ->
            refused(
                request(operation, samples.admin()::request).header("Accept", "image/png"),
                operation,
                406,
                "not-acceptable"));
  }

  @TestFactory
  Stream<DynamicTest> namesTheRequestInItsAnswer() {
    return each(
        operation -> operation.method().equals("GET") && operation.route().startsWith("/api"),
        operation -> {
          Answer own =
              request(operation, samples.admin()::request)
                  .header("X-Request-Id", "of-the-client.1")
                  .send();
          assertThat(own.header("X-Request-Id")).isEqualTo("of-the-client.1");
          Answer unfit =
              request(operation, samples.admin()::request)
                  .header("X-Request-Id", "not sane <script>")
                  .send();
          assertThat(unfit.header("X-Request-Id")).matches("[0-9a-f-]{36}");
        });
  }

  @TestFactory
  Stream<DynamicTest> sendsTheSecurityHeaders() {
    return each(
        operation -> operation.method().equals("GET"),
        operation -> {
          Answer answer = request(operation, samples.admin()::request).send();
          assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
          assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
          assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
          assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        });
  }

  /** What a refusal must be: a problem, after which all is as before. */
  private void refused(Request request, Operation operation, int status, String code) {
    String before = samples.state();
    Answer answer = request.send();
    if (operation.method().equals("HEAD")) {
      answer.is(status);
    } else {
      answer.isProblem(status, code);
    }
    assertThat(samples.state()).isEqualTo(before);
  }

  private interface Asking {
    Request request(String method, String path);
  }

  private Request request(Operation operation, Asking client) {
    Request request = client.request(operation.method(), samples.path(operation));
    if (operation.json()) {
      return request.json(samples.body(operation));
    }
    return operation.method().equals("PUT") ? request.bytes("three".getBytes()) : request;
  }

  private String with(Operation operation, String parameter) {
    String path = samples.path(operation);
    return path + (path.contains("?") ? "&" : "?") + parameter;
  }

  private static boolean isContent(Operation operation) {
    // Its page is the children's of a folder: FilesTest.
    return operation.route().startsWith("/api/v1/files");
  }

  private static boolean takesIfMatch(Operation operation) {
    return operation.parameters().contains("header:If-Match");
  }

  private static boolean writes(Operation operation) {
    return !operation.method().equals("GET") && !operation.method().equals("HEAD");
  }

  private static Stream<DynamicTest> each(Predicate<Operation> which, Consumer<Operation> test) {
    return Description.get().operations().stream()
        .filter(which)
        .map(operation -> dynamicTest(operation.toString(), () -> test.accept(operation)));
  }
}
