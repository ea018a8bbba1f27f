package dev.skep.port.zookeeper;

import dev.skep.common.SkepException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.zookeeper.util.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for its version by the word {@code srvr}, on a connection of its own. ZooKeeper's
 * client tells neither its version nor why TLS fails: it only tries again.
 */
final class ServerProbe {

  private static final Pattern VERSION = Pattern.compile("Zookeeper version: ([0-9][0-9.]*)");
  private static final int CONNECT_MILLIS = 2_000;
  private static final int LONGEST_LINE = 1024;

  private final ZooKeeperSettings settings;
  private final @Nullable SSLContext tls;

  /**
   * @throws dev.skep.port.CannotOpen when a file of the settings is not what it should be
   */
  ServerProbe(ZooKeeperSettings settings) {
    this.settings = settings;
    this.tls = settings.tls() ? context(settings) : null;
  }

  /**
   * The version that the first server tells that answers, or empty where that word is not allowed
   * (4lw.commands.whitelist).
   *
   * @throws dev.skep.port.CannotOpen when TLS fails for a reason that stays
   * @throws SkepException {@code unavailable} when none answers in time
   */
  Optional<String> version() {
    long deadline = System.nanoTime() + settings.timeOut().toNanos();
    SkepException last = silent(null);
    for (ZooKeeperSettings.Address server : settings.servers()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        String answer = ask(server, Duration.ofNanos(left));
        Matcher matcher = VERSION.matcher(answer);
        if (matcher.find()) {
          return Optional.of(matcher.group(1));
        }
        if (answer.contains("whitelist")) {
          return Optional.empty();
        }
        last = silent(null);
      } catch (SSLException e) {
        refuseWhatNeverSucceeds(e);
        last = silent(e);
      } catch (IOException e) {
        last = silent(e);
      }
    }
    throw last;
  }

  private String ask(ZooKeeperSettings.Address server, Duration atMost) throws IOException {
    int millis = (int) Math.max(1, Math.min(atMost.toMillis(), Integer.MAX_VALUE));
    try (Socket plain = new Socket()) {
      plain.connect(
          new InetSocketAddress(server.host(), server.port()), Math.min(millis, CONNECT_MILLIS));
      plain.setSoTimeout(millis);
      if (tls == null) {
        return srvr(plain);
      }
      try (SSLSocket secure =
          (SSLSocket)
              tls.getSocketFactory().createSocket(plain, server.host(), server.port(), true)) {
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return srvr(secure);
      }
    }
  }

  /** The first line, which holds the version or the refusal. */
  private static String srvr(Socket socket) throws IOException {
    socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
      if (line.length() == LONGEST_LINE) {
        break;
      }
    }
    return line.toString();
  }

  private SkepException silent(@Nullable Exception cause) {
    return Failures.unavailable(
        settings.port(),
        "ZooKeeper does not answer yet. Check "
            + ZooKeeperSettings.key(settings.port(), "servers")
            + ", also whether "
            + ZooKeeperSettings.key(settings.port(), "tls")
            + " is right",
        cause);
  }

  private void refuseWhatNeverSucceeds(SSLException e) {
    Throwable root = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof CertificateException) {
        throw settings.refuse(
            "ca-certificate",
            "TLS with ZooKeeper fails: "
                + cause.getMessage()
                + ". Name the authority that signed the server's certificate, and an address that"
                + " stands in it",
            e);
      }
    }
    String message = root.getMessage();
    if (message != null && message.contains("fatal alert") && message.contains("certificate")) {
      throw settings.refuse(
          "client-key", "ZooKeeper refuses the certificate of this client, or its absence", e);
    }
  }

  private static SSLContext context(ZooKeeperSettings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(settings));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(shown(settings), new char[0]);
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw settings.refuse("tls", "TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** Null for those that Java trusts. */
  private static @Nullable KeyStore trusted(ZooKeeperSettings settings) {
    if (settings.caCertificate().isEmpty()) {
      return null;
    }
    File file = readable(settings, "ca-certificate", settings.caCertificate().get());
    try {
      KeyStore store = PemReader.loadTrustStore(file);
      if (store.size() == 0) {
        throw settings.refuse("ca-certificate", "holds no certificate in PEM");
      }
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw settings.refuse("ca-certificate", "holds no certificate in PEM", e);
    }
  }

  private static @Nullable KeyStore shown(ZooKeeperSettings settings) {
    if (settings.clientKey().isEmpty()) {
      return null;
    }
    File file = readable(settings, "client-key", settings.clientKey().get());
    try {
      return PemReader.loadKeyStore(file, file, Optional.empty());
    } catch (IOException | GeneralSecurityException e) {
      throw settings.refuse(
          "client-key", "holds no private key followed by its certificate in PEM", e);
    }
  }

  private static File readable(ZooKeeperSettings settings, String setting, Path file) {
    if (!Files.isReadable(file)) {
      throw settings.refuse(setting, "the file " + file + " cannot be read");
    }
    return file.toFile();
  }
}
