package dev.skep.cluster.server;

import dev.skep.cluster.site.Child;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A server that replicas share; it can be killed and started again on its port and data. */
public final class Server {

  private static final Duration START = Duration.ofSeconds(60);

  private final String name;
  private final String port;
  private final String address;
  private final int tcpPort;
  private final Function<String, Map<String, String>> settings;
  private final Site site;
  private final ProcessBuilder builder;
  private final Site.Check ready;
  private volatile Child child;

  /**
   * @param settings of a replica that reaches it at an address, as {@code 127.0.0.1:4711}
   */
  Server(
      Site site,
      String name,
      String port,
      String address,
      int tcpPort,
      Function<String, Map<String, String>> settings,
      ProcessBuilder builder,
      Site.Check ready) {
    this.site = site;
    this.name = name;
    this.port = port;
    this.address = address;
    this.tcpPort = tcpPort;
    this.settings = settings;
    this.builder = builder;
    this.ready = ready;
  }

  /** Starts it; returns when it answers. */
  Server start() throws IOException, InterruptedException {
    child = site.start(name.toLowerCase(Locale.ROOT), builder);
    site.await(child, START, ready);
    return this;
  }

  /** The name of the product. */
  public String name() {
    return name;
  }

  /** The port of Skep that it serves, for the eyes. */
  public String port() {
    return port;
  }

  /** For people. */
  public String address() {
    return address;
  }

  /** Where it listens, on 127.0.0.1. */
  public int tcpPort() {
    return tcpPort;
  }

  /** The configuration of a replica that uses it. */
  public Map<String, String> settings() {
    return settings.apply("127.0.0.1:" + tcpPort);
  }

  /**
   * The environment of a replica that uses it.
   *
   * @param reachedAt an address, as {@code 127.0.0.1:4711}, behind which it is found
   */
  public Map<String, String> environment(String reachedAt) {
    Map<String, String> variables = new TreeMap<>();
    settings.apply(reachedAt).forEach((key, value) -> variables.put(variable(key), value));
    return variables;
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** The process that runs now, or ran last. */
  public Child child() {
    return child;
  }

  /** As {@link #restart}, from now on with these words at the end of its command. */
  public void restartWith(List<String> more) throws IOException, InterruptedException {
    builder.command().addAll(more);
    restart();
  }

  /** Kills it if it runs, and starts it again; returns when it answers. */
  public void restart() throws IOException, InterruptedException {
    child.kill();
    start();
  }
}
