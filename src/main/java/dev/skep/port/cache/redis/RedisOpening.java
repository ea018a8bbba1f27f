package dev.skep.port.cache.redis;

import static dev.skep.port.cache.redis.RedisAccess.KEY;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The first questions to the servers, and which setting is wrong when they are answered badly. */
final class RedisOpening {

  /** Longer than a caller would wait: nobody does yet. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int OLDEST = 6;
  private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)");

  private final RedisCacheConfig config;
  private final RedisLine line;

  RedisOpening(RedisCacheConfig config, RedisLine line) {
    this.config = config;
    this.line = line;
  }

  /**
   * @throws CannotOpen when a setting is wrong
   * @throws SkepException {@code unavailable} when the server may come
   */
  void check() {
    try {
      String info = info();
      requireNewEnough(info);
      requireMode(info);
      line.ask(Request.cmd(Command.GET).arg(config.prefix() + ":entry:check"), TIMEOUT);
    } catch (RedisRefusal e) {
      CannotOpen refused = refused(e.text(), e);
      throw refused == null ? e.toSkepException() : refused;
    } catch (SkepException e) {
      throw unreachable(e);
    }
  }

  /** Empty where this user may not ask for it. */
  private String info() {
    if (config.mode() == RedisCacheConfig.Mode.CLUSTER) {
      return ""; // the client itself has asked for the slots
    }
    try {
      Response info = line.ask(Request.cmd(Command.INFO), TIMEOUT);
      return info == null ? "" : info.toString();
    } catch (RedisRefusal e) {
      if (e.kind().equals("NOPERM")) {
        return "";
      }
      throw e;
    }
  }

  private void requireNewEnough(String info) {
    Matcher version = VERSION.matcher(info);
    if (version.find() && Integer.parseInt(version.group(1)) < OLDEST) {
      throw new CannotOpen(
          KEY + "servers",
          "the server is Redis " + version.group(1) + ". Use " + OLDEST + " or newer",
          null);
    }
  }

  private void requireMode(String info) {
    if (info.contains("cluster_enabled:1")) {
      throw new CannotOpen(KEY + "mode", "the server is a node of a cluster. Set cluster", null);
    }
    if (info.contains("redis_mode:sentinel")) {
      throw new CannotOpen(KEY + "mode", "the server is a Sentinel. Set sentinel", null);
    }
  }

  private RuntimeException unreachable(SkepException e) {
    List<Throwable> causes = causes(e);
    if (has(causes, CertPathBuilderException.class, CertPathValidatorException.class)) {
      return new CannotOpen(
          KEY + "ca",
          "the server's certificate is not signed by an authority that is trusted. Name the"
              + " authority's file",
          e);
    }
    if (has(causes, CertificateException.class)) {
      return new CannotOpen(
          KEY + "servers", "the server's certificate is for another name than in the address", e);
    }
    if (has(causes, SSLException.class)) {
      return new CannotOpen(KEY + "tls", "the server does not speak TLS as it should", e);
    }
    for (Throwable each : causes) {
      CannotOpen refused = refused(Objects.requireNonNullElse(each.getMessage(), ""), each);
      if (refused != null) {
        return refused;
      }
    }
    return e;
  }

  private static List<Throwable> causes(Throwable e) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable each = e; each != null && causes.size() < 20; each = each.getCause()) {
      causes.add(each);
    }
    return causes;
  }

  @SafeVarargs
  private static boolean has(List<Throwable> causes, Class<? extends Throwable>... types) {
    return causes.stream().anyMatch(e -> Stream.of(types).anyMatch(type -> type.isInstance(e)));
  }

  /** The client hides some answers of the server in errors of its own, but keeps their words. */
  private @Nullable CannotOpen refused(String text, Throwable refusal) {
    if (text.contains("WRONGPASS") || text.contains("invalid password")) {
      return new CannotOpen(KEY + "password", "the server refuses user or password", refusal);
    }
    if (text.contains("NOAUTH")) {
      return new CannotOpen(KEY + "password", "is missing: the server wants one", refusal);
    }
    if (text.contains("NOPERM")) {
      return new CannotOpen(
          KEY + "user",
          "lacks rights: ~"
              + config.prefix()
              + ":* +get +set +del +eval +incrby +pttl +pexpire +info +hello +ping",
          refusal);
    }
    if (text.contains("cluster support disabled")) {
      return new CannotOpen(KEY + "mode", "the server is no node of a cluster", refusal);
    }
    if (text.contains("No such master") || text.contains("no such master")) {
      return new CannotOpen(KEY + "master-name", "the Sentinels know none of this name", refusal);
    }
    return null;
  }
}
