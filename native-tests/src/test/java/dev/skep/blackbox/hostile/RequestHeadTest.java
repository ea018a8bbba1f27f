package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.BlackBox;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Names;
import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that a careful server does not take, and what every answer says of itself. */
@BlackBox
final class RequestHeadTest {

  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static final String CHUNKED_BODY = "5\nhello\n0\n\n";

  private final Skep skep;
  private final Client anna;

  RequestHeadTest(Skep skep) {
    this.skep = skep;
    anna = new People(skep).person("anna");
  }

  /** Lines end in a bare LF; {@link Wire} sends CR LF. */
  private String head(String method, String path, String... headers) {
    return method
        + " /api/v1"
        + path
        + " HTTP/1.1\nHost: localhost\nAuthorization: "
        + anna.authorization()
        + "\n"
        + String.join("\n", headers)
        + (headers.length == 0 ? "\n" : "\n\n");
  }

  private String exchange(String request) throws IOException {
    try (Wire wire = Wire.to(skep)) {
      return wire.send(request).answer();
    }
  }

  private static String file() {
    return "/files/home/" + Names.fresh("file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity\ntransfer-encoding: chunked",
        "Transfer-Encoding: xchunked\nContent-Length: 0",
        "Transfer-Encoding: xchunked\nContent-Length: 5",
        "Transfer-Encoding: chunked\nContent-Length: 5",
        "Content-Length: 5\nTransfer-Encoding: Chunked",
        "Transfer-Encoding: xchunked\nUpgrade: h2c\nConnection: Upgrade, HTTP2-Settings\n"
            + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
      })
  void aBodyWhoseEndIsNotKnownIsRefusedAndNothingAfterItIsTaken(String coding) throws IOException {
    String victim = file();
    String target = file();
    anna.put(victim, "stays").is(201);

    String answers = exchange(head("PUT", target, coding) + head("DELETE", victim));

    assertThat(answers).startsWith("HTTP/1.1 400");
    assertThat(answers.split("HTTP/1\\.1 ")).hasSize(2);
    assertThat(anna.get(victim).is(200).text()).isEqualTo("stays");
    anna.get(target).is(404);
  }

  @Test
  void nothingIsTakenBehindAPipelinedRequestOfUnknownEnd() throws IOException {
    String victim = file();
    anna.put(victim, "stays").is(201);
    String answers =
        exchange(
            head("GET", "/me")
                + head("PUT", file(), "Transfer-Encoding: xchunked")
                + head("DELETE", victim)
                + head("DELETE", victim));
    assertThat(answers).contains("HTTP/1.1 200", "HTTP/1.1 400");
    assertThat(answers.split("HTTP/1\\.1 ")).hasSize(3);
    anna.get(victim).is(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "Chunked", "CHUNKED", " chunked "})
  void theOneCodingIsKnownInAnyCase(String coding) throws IOException {
    String target = file();
    String answer =
        exchange(
            head("PUT", target, "Connection: close", "Transfer-Encoding: " + coding)
                + CHUNKED_BODY);
    assertThat(answer).startsWith("HTTP/1.1 201");
    assertThat(anna.get(target).text()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host:",
        "Host: a b",
        "Host: a/b",
        "Host: a?b",
        "Host: [::1",
        "Host: a:b",
        "Host: a:99999",
        "Host: %zz",
        "Host: user@name",
        "Host: a\nHost: a",
        "Host: a\nhost: b",
      })
  void oneHostIsNamed(String host) throws IOException {
    String answer = exchange("GET /api/v1/me HTTP/1.1\nConnection: close\n" + host + "\n\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "\"code\":\"malformed\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "skep_app:8080", "127.0.0.1:80", "[::1]:8080", "Ex-ample.org"})
  void aHostMayBeAnyName(String host) throws IOException {
    assertThat(exchange("GET /q/health/live HTTP/1.1\nConnection: close\nHost: " + host + "\n\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void http10NeedsNoHostAndKnowsNoContinue() throws IOException {
    assertThat(exchange("GET /q/health/live HTTP/1.0\n\n")).startsWith("HTTP/1.0 200");
    String target = file();
    String answer =
        exchange(
            head("PUT", target, "Expect: 100-continue", "Content-Length: 5")
                    .replace("HTTP/1.1", "HTTP/1.0")
                + "hello");
    assertThat(answer).startsWith("HTTP/1.0 201").doesNotContain(" 100 ");
    assertThat(anna.get(target).text()).isEqualTo("hello");
  }

  @Test
  void aFolderWithABodyIsRefusedBeforeTheBodyIsLetIn() throws IOException {
    String folder = file() + "/";
    String answer =
        exchange(
            head(
                "PUT",
                folder,
                "Connection: close",
                "Expect: 100-continue",
                "Transfer-Encoding: chunked"));
    assertThat(answer).startsWith("HTTP/1.1 400");
    anna.get(folder).is(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "anything"})
  void thePageOfAnotherSiteChangesNothing(String site) {
    String target = file();
    anna.request("PUT", target)
        .header("Sec-Fetch-Site", site)
        .text("x")
        .send()
        .isProblem(403, "forbidden");
    anna.request("GET", "/me").header("Sec-Fetch-Site", site).send().is(200);
    anna.get(target).is(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-origin", "none"})
  void skepsOwnPageDoes(String site) {
    anna.request("PUT", file()).header("Sec-Fetch-Site", site).text("x").send().is(201);
  }

  @Test
  void everyAnswerSaysWhenItWasMadeAndWhoMayKeepIt() {
    String target = file();
    Answer made = anna.put(target, "x").is(201);
    Answer node = anna.get("/nodes/" + made.id()).is(200);
    Answer same =
        anna.request("GET", "/nodes/" + made.id()).ifNoneMatch(node.etag()).send().is(304);
    List<Answer> shown =
        List.of(made, node, same, anna.get(target), anna.get("/me"), anna.get("/files/home/"));
    assertThat(shown)
        .allSatisfy(
            answer -> {
              assertThat(answer.headers().allValues("Cache-Control"))
                  .containsExactly("private, no-cache");
              assertThat(answer.header("Date"))
                  .matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT");
            });
    for (String path : List.of("/", "/q/health/live", "/no-such")) {
      assertThat(anna.get(path).headers().allValues("Date")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "GET / HTTP/1.1\nHost: a",
        "GARBAGE\n\n",
        "GET / HTTP/9.9\nHost: a\n\n",
        "GET / HTTP/1.1\n\n",
        "GET x HTTP/1.1\nHost: a\n\n",
        "PUT / HTTP/1.1\nHost: a\nContent-Length: x\n\n",
        "PRI * HTTP/2.0\n\nSM\n\nGARBAGEGARBAGE",
      })
  void whatAClientSendsWrongFillsNoLog(String bytes) throws Exception {
    int logged = skep.output().length();
    for (int i = 0; i < 5; i++) {
      try (Wire wire = Wire.to(skep)) {
        wire.send(bytes);
        Thread.sleep(20);
        wire.cut();
      }
    }
    anna.get("/me").is(200);
    assertThat(skep.output().substring(logged)).isEmpty();
  }

  @Test
  void aContentRunsNothingInABrowser() {
    String target = file();
    anna.request("PUT", target).type("text/html").text("<script>1</script>").send().is(201);
    assertThat(anna.get(target).headers().allValues("Content-Security-Policy"))
        .contains("default-src 'none'; sandbox");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "\n", "a\r\nx: y"})
  void aValueOfHttp2HoldsNoLineBreak(String value) throws IOException {
    byte[] headers = new Hpack().request("GET", "/api/v1/me").header("x-odd", value).bytes();
    String answer = http2(headers);
    assertThat(answer).contains("\"code\":\"malformed\"");
  }

  @Test
  void aValueOfHttp2HoldsAnythingElse() throws IOException {
    byte[] headers = new Hpack().request("GET", "/q/health/live").header("x-odd", "a\tb").bytes();
    assertThat(http2(headers)).contains("UP");
  }

  @Test
  void aConnectionOfHttp2HasAHundredStreams() throws IOException {
    String settings = http2(new Hpack().request("GET", "/q/health/live").bytes());
    // SETTINGS_MAX_CONCURRENT_STREAMS (3) = 100
    assertThat(settings).contains("\0\3\0\0\0\144");
  }

  /** All that the server sends on a connection with this one request, up to the answer's end. */
  private String http2(byte[] headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", skep.port())) {
      socket.setSoTimeout(30_000);
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      sent.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      sent.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
      sent.writeBytes(frame(HEADERS, END_STREAM | END_HEADERS, 1, headers));
      socket.getOutputStream().write(sent.toByteArray());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      StringBuilder answer = new StringBuilder();
      for (boolean ended = false; !ended; ) {
        byte[] payload = new byte[in.readUnsignedByte() << 16 | in.readUnsignedShort()];
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        ended = in.readInt() == 1 && (flags & END_STREAM) != 0 || type == RESET || type == GO_AWAY;
        in.readFully(payload);
        answer.append(new String(payload, StandardCharsets.ISO_8859_1));
      }
      return answer.toString();
    }
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length});
    frame.writeBytes(new byte[] {(byte) type, (byte) flags, 0, 0, 0, (byte) stream});
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** Literal fields of less than 127 bytes, without indexing and Huffman codes (RFC 7541). */
  private static final class Hpack {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Hpack request(String method, String path) {
      return header(":method", method)
          .header(":scheme", "http")
          .header(":authority", "localhost")
          .header(":path", path);
    }

    Hpack header(String name, String value) {
      bytes.write(0);
      return text(name).text(value);
    }

    private Hpack text(String text) {
      bytes.write(text.length());
      bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
