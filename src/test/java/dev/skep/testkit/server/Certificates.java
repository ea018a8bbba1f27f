package dev.skep.testkit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An authority of its own in a folder, made by openssl, and certificates of servers that it signs.
 */
public final class Certificates {

  /** PEM files of a server's certificate and of its private key. */
  public record Server(Path certificate, Path key) {}

  private final Path folder;
  private final Path authorityKey;

  public Certificates(Path folder) throws Exception {
    this.folder = folder;
    this.authorityKey = folder.resolve("authority.key");
    openssl(
        List.of("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        List.of("-days", "2", "-subj", "/CN=Skep test authority"),
        List.of("-keyout", authorityKey.toString(), "-out", authority().toString()));
  }

  /** The PEM file of the authority, which a client is to trust. */
  public Path authority() {
    return folder.resolve("authority.pem");
  }

  /** A certificate for 127.0.0.1 and localhost. */
  public Server server() throws Exception {
    return server("localhost", "DNS:localhost,IP:127.0.0.1");
  }

  /** A certificate for another host than this one. */
  public Server stranger() throws Exception {
    return server("elsewhere.example", "DNS:elsewhere.example");
  }

  private Server server(String name, String alternatives) throws Exception {
    Path key = folder.resolve(name + ".key");
    Path request = folder.resolve(name + ".csr");
    Path certificate = folder.resolve(name + ".pem");
    Path extension = folder.resolve(name + ".ext");
    Files.writeString(extension, "subjectAltName=" + alternatives + "\n");
    openssl(
        List.of("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        List.of("-subj", "/CN=" + name),
        List.of("-keyout", key.toString(), "-out", request.toString()));
    openssl(
        List.of("x509", "-req", "-days", "2", "-CAcreateserial", "-in", request.toString()),
        List.of("-CA", authority().toString(), "-CAkey", authorityKey.toString()),
        List.of("-extfile", extension.toString(), "-out", certificate.toString()));
    return new Server(certificate, key);
  }

  @SafeVarargs
  private static void openssl(List<String>... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    for (List<String> each : arguments) {
      command.addAll(each);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
  }
}
