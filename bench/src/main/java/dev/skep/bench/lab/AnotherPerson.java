package dev.skep.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A Skep as a user sees it who is not its administrator; the user is new. */
public final class AnotherPerson implements FileServer {

  private static final String PASSWORD = "correct horse battery staple";

  private final SkepServer skep;
  private final String headers;

  private AnotherPerson(SkepServer skep, String headers) {
    this.skep = skep;
    this.headers = headers;
  }

  public static AnotherPerson on(SkepServer skep, String name) throws IOException {
    String json = "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD);
    skep.json(201, "POST", "/api/v1/users", json);
    return new AnotherPerson(skep, header(name, token(skep, header(name, PASSWORD))));
  }

  /** Logs in as the user, not as the administrator. */
  private static String token(SkepServer skep, String logIn) throws IOException {
    try (Wire wire = new Wire(skep.port())) {
      int status = wire.exchange(Wire.request("POST", "/api/v1/sessions", logIn, new byte[0]));
      if (status != 201) {
        throw new IOException("The log-in gave " + status + ": " + wire.body());
      }
      return new ObjectMapper().readTree(wire.body()).get("token").asText();
    }
  }

  private static String header(String name, String secret) {
    return "Authorization: " + SkepServer.basic(name, secret) + "\r\n";
  }

  @Override
  public String name() {
    return skep.name();
  }

  @Override
  public int port() {
    return skep.port();
  }

  @Override
  public double cpuSeconds() throws IOException {
    return skep.cpuSeconds();
  }

  @Override
  public String headers() {
    return headers;
  }

  @Override
  public String address(String path) {
    return skep.address(path);
  }

  @Override
  public void makeFolder(Wire wire, String path) throws IOException {
    int status = wire.exchange(Wire.request("PUT", address(path) + "/", headers, new byte[0]));
    if (status != 201) {
      throw new IOException("PUT " + path + "/ gave " + status + ": " + wire.body());
    }
  }

  @Override
  public Optional<Path> stored(String path) {
    return skep.stored(path);
  }
}
