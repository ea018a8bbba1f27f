package dev.skep.blackbox.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.blackbox.RawRequest;
import dev.skep.blackbox.Skep;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and paths that are none: refused on every way in, and nothing changes. */
@BlackBox
final class BadPathsTest {

  private final Client anna;
  private Folder folder;
  private String before;

  BadPathsTest(Skep skep) {
    anna = new People(skep).person("anna");
  }

  @BeforeEach
  void aFolderWithAFile() {
    folder = Folder.fresh(anna);
    anna.put(folder.file("there.txt"), "there").is(201);
    before = folder.state() + anna.get("/files/home/").text();
  }

  @AfterEach
  void nothingHasChanged() {
    assertThat(folder.state() + anna.get("/files/home/").text()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%2Fb",
        "a%2fb",
        "%2F",
        "a%00b",
        "%00",
        "..",
        "../x",
        "a/../there.txt",
        "%2e%2e",
        "%2E%2E/there.txt",
        "a/%2e%2e/there.txt",
        ".",
        "./there.txt",
        "%2e",
        "a//b",
        "//there.txt",
        "%ff",
        "a%c3%28",
        "%ed%a0%80",
        "%c0%ae%c0%ae",
        "%f8%88%80%80%80"
      })
  void aPathThatIsNoneIsRefused(String path) {
    for (String method : List.of("GET", "PUT", "DELETE")) {
      // By hand: a client library would not send some of these.
      RawRequest request =
          RawRequest.of(anna, method, folder.file(path)).header("Content-Length", "1").body("x");
      request.send().isProblem(400, "bad-path");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%00b", "a//b", "../x", "a/%2e%2e/x", "%ff", "%c3%28"})
  void lookupRefusesItToo(String path) {
    RawRequest.of(anna, "GET", "/nodes/lookup?path=" + folder.place(path))
        .send()
        .isProblem(400, "bad-path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "a%"})
  void aPercentSignThatEscapesNothingIsRefused(String path) {
    for (String method : List.of("GET", "PUT", "DELETE")) {
      RawRequest.of(anna, method, folder.file(path))
          .header("Content-Length", "1")
          .body("x")
          .send()
          .isProblem(400, "bad-path");
    }
  }

  @Test
  void aRefusedAddressIsToldToEverybodyAndUnderTheNameOfTheRequest() {
    Answer nobody =
        RawRequest.of(anna.skep().nobody(), "GET", "/files/home/%zz")
            .header("X-Request-Id", "mine")
            .send()
            .isProblem(400, "bad-path");
    assertThat(nobody.header("X-Request-Id")).isEqualTo("mine");
    assertThat(nobody.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(nobody.text("detail")).contains("two hexadecimal digits");
    RawRequest.of(anna, "GET", "/nodes/lookup?path=%zz").send().isProblem(400, "malformed");
    RawRequest.of(anna, "GET", "/files/home/a|b").send().isProblem(400, "bad-path");
    for (String health : List.of("live", "ready", "started")) {
      RawRequest.of(anna, "GET", "/q/health/" + health + "?%").send().isProblem(400, "malformed");
    }
    assertThat(RawRequest.of(anna, "HEAD", "/files/home/%zz").send().is(400).body()).isEmpty();
  }

  @Test
  void anAddressOfMoreThan16KibibytesIsRefused() {
    String most = "/me?" + "x".repeat(16_384 - "/api/v1/me?".length());
    RawRequest.of(anna, "GET", most).send().is(200);
    RawRequest.of(anna, "GET", most + "x").send().isProblem(414, "address-too-long");
    RawRequest.of(anna, "PUT", folder.file("x".repeat(60_000)))
        .header("Content-Length", "1")
        .body("x")
        .send()
        .isProblem(414, "address-too-long");
    // The HTTP codec refuses these, without a document.
    RawRequest.of(anna, "GET", folder.file("x".repeat(70_000))).send().is(414);
  }

  @Test
  void headersOfMoreThan32KibibytesAreRefused() {
    RawRequest.of(anna, "GET", "/me").header("X-Much", "x".repeat(32_000)).send().is(200);
    RawRequest.of(anna, "GET", "/me")
        .header("X-Much", "x".repeat(32_768))
        .send()
        .isProblem(431, "headers-too-large");
    RawRequest.of(anna, "PUT", folder.file("new"))
        .header("X-Much", "x".repeat(120_000))
        .header("Content-Length", "1")
        .body("x")
        .send()
        .isProblem(431, "headers-too-large");
    // The HTTP codec refuses these, without a document.
    RawRequest.of(anna, "GET", "/me").header("X-Much", "x".repeat(140_000)).send().is(431);
  }

  @Test
  void lookupNeedsAPath() {
    anna.get("/nodes/lookup").isMalformed("path");
    anna.get("/nodes/lookup?path=home").isMalformed("path");
  }

  @Test
  void aNameIsCountedInBytesAndOverlongOnesAreRefused() {
    String[] tooLong = {"a".repeat(256), "%C3%A9".repeat(128)};
    for (String name : tooLong) {
      anna.put(folder.file(name), "x").isProblem(400, "bad-name");
      anna.put(folder.file(name + "/below"), "x").isProblem(400, "bad-name");
    }
  }

  @Test
  void aPathOfMoreThan4096BytesIsRefused() {
    String path = "/" + "a".repeat(250);
    anna.put(folder.path() + path.repeat(17), "x").isProblem(400, "bad-path");
  }

  @Test
  void aTreeOfMoreThan128LevelsIsRefused() {
    anna.put(folder.path() + "/d".repeat(130), "x").isProblem(409, "too-deep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\\u0000b", "/", "../there.txt", "%s"})
  void jsonRefusesThemAsNames(String name) {
    String given = name.equals("%s") ? "x".repeat(256) : name;
    String file = anna.get("/nodes/lookup?path=" + folder.place("there.txt")).is(200).id();
    String json = "{'name':'" + given + "'}";
    anna.post("/nodes/" + folder.id() + "/children", json).isProblem(400, "bad-name");
    anna.patch("/nodes/" + file, json).isProblem(400, "bad-name");
    anna.post(
            "/nodes/" + file + "/copy", "{'parentId':'" + folder.id() + "','name':'" + given + "'}")
        .isProblem(400, "bad-name");
  }

  /** Anywhere in a body, and before anything else is said of it. */
  @Test
  void halfOfASurrogatePairIsRefusedAtTheEdge() {
    for (String json : List.of("{'name':'\\ud800'}", "{'name':'x','\\udc00':1}")) {
      anna.post("/nodes/" + folder.id() + "/children", json).isMalformed("");
    }
  }

  @Test
  void rawBytesThatAreNoUtf8AreRefused() {
    byte[] line =
        ("PUT /api/v1" + folder.file("") + "\u00ff HTTP/1.1\r\n")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    RawRequest.of(anna, "PUT", folder.file(""))
        .line(line)
        .header("Content-Length", "1")
        .body("x")
        .send()
        .is(400);
  }
}
