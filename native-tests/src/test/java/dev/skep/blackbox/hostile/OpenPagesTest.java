package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What anybody can read: the page, health, and nothing that tells about the inside. */
@BlackBox
final class OpenPagesTest {

  private static final List<String> SECURITY_HEADERS =
      List.of(
          "x-content-type-options: nosniff",
          "x-frame-options: deny",
          "referrer-policy: no-referrer",
          "content-security-policy: default-src 'none'; script-src 'self';");

  private final Skep skep;

  OpenPagesTest(Skep skep) {
    this.skep = skep;
  }

  @Test
  void thePageIsOneStaticFileWithItsScriptAndStyleBeside() throws IOException {
    String page = get("/");
    assertThat(page).startsWith("HTTP/1.1 200").contains("<title>Skep</title>", "/skep.js");
    assertThat(page)
        .as("nothing inline, which the policy forbids")
        .doesNotContain("style=\"", "onclick=");
    for (String file : List.of("/skep.js", "/skep.css", "/skep.svg")) {
      assertThat(get(file)).startsWith("HTTP/1.1 200");
    }
    assertThat(get("/skep.js")).doesNotContain("innerHTML", "localStorage", "document.cookie");
  }

  @Test
  void everyAnswerCarriesTheSecurityHeadersAndNoStackTrace() throws IOException {
    for (String path :
        List.of(
            "/",
            "/skep.js",
            "/nope",
            "/../nope",
            "/%00",
            "/api/v1/nope",
            "/api/v1/me",
            "/q/nope",
            "/q/health/ready",
            "/q/openapi",
            "/META-INF/",
            "/application.properties")) {
      String answer = get(path);
      assertThat(answer.toLowerCase(java.util.Locale.ROOT)).as(path).contains(SECURITY_HEADERS);
      assertThat(answer).as(path).doesNotContain("Exception", "\tat ", "dev.skep.", "quarkus");
    }
  }

  @Test
  void whatIsNotThereIsAProblemDocument() throws IOException {
    assertThat(get("/nope")).startsWith("HTTP/1.1 404").contains("urn:skep:problem:not-found");
    assertThat(get("/application.properties")).startsWith("HTTP/1.1 404");
    assertThat(get("/db/sqlite/V1__drive.sql")).startsWith("HTTP/1.1 404");
  }

  @Test
  void theDescriptionNeedsLogIn() throws IOException {
    assertThat(get("/q/openapi")).startsWith("HTTP/1.1 401").doesNotContain("openapi: 3");
    assertThat(skep.admin().get("/q/openapi").is(200).text()).contains("openapi: 3.1");
  }

  @Test
  void healthTellsNamesAndStatesOnly() throws IOException {
    assertThat(get("/q/health/ready"))
        .startsWith("HTTP/1.1 200")
        .doesNotContain(skep.data().toString(), "embedded", "SQLite");
  }

  private String get(String path) throws IOException {
    try (Wire wire = Wire.to(skep)) {
      return wire.send("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n")
          .answer();
    }
  }
}
