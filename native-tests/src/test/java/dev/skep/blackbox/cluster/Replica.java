package dev.skep.blackbox.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import dev.skep.cluster.site.Signal;
import dev.skep.testkit.server.TcpProxy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One process of several equal ones. */
public final class Replica {

  private final Replicas replicas;
  private final int number;
  private final Skep skep;
  private final Map<Store, TcpProxy> lines;
  private volatile String id = "";

  Replica(Replicas replicas, int number, Skep skep, Map<Store, TcpProxy> lines) {
    this.replicas = replicas;
    this.number = number;
    this.skep = skep;
    this.lines = lines;
  }

  /** 1 for the first that was started. */
  public int number() {
    return number;
  }

  public Skep skep() {
    return skep;
  }

  /** The administrator, whose session all replicas know. */
  public Client admin() {
    return skep.as("admin", replicas.adminSession());
  }

  /** The same person, asking this replica. */
  public Client as(Client person) {
    return skep.as(person.user(), person.secret());
  }

  public Client nobody() {
    return skep.nobody();
  }

  /** The name by which {@code /cluster} and its leases know it; asked once, while it answers. */
  public String id() {
    if (id.isEmpty()) {
      id = admin().get("/cluster").is(200).text("answeredBy");
    }
    return id;
  }

  /** Its line to a server: of all, or its own when it was started apart. */
  public TcpProxy line(Store store) {
    return lines.get(store);
  }

  public boolean isRunning() {
    return skep.process().isAlive();
  }

  /** Whether it takes requests. */
  public boolean isReady() {
    try {
      return skep.nobody().get("/q/health/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Whether it takes requests and every port of it answers. */
  public boolean isWhole() {
    try {
      Answer ready = skep.nobody().get("/q/health/ready");
      return ready.status() == 200
          && !ready.json().path("checks").findValuesAsText("status").contains("DOWN");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** What readiness says of a port: {@code UP} or {@code DOWN}. */
  public String health(String port) {
    for (JsonNode check : skep.nobody().get("/q/health/ready").json().path("checks")) {
      if (check.path("name").asText().equals(port)) {
        return check.path("status").asText();
      }
    }
    throw new AssertionError("readiness does not name " + port);
  }

  /** Fails, with its output, when it ends or is not whole in time. */
  public void awaitWhole(Duration patience) {
    await(patience, "is not whole", this::isWhole);
  }

  /** Fails, with its output, when it ends or the condition does not hold in time. */
  public void await(Duration patience, String otherwise, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      String why = isRunning() ? otherwise + " after " + patience.toSeconds() + " s" : "has ended";
      if (!isRunning() || System.nanoTime() > end) {
        throw new AssertionError("replica %d %s:%n%s".formatted(number, why, skep.output()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGSTOP. */
  public void freeze() {
    Signal.STOP.to(skep.process().toHandle());
  }

  /** SIGCONT. */
  public void thaw() {
    Signal.CONT.to(skep.process().toHandle());
  }

  /** SIGKILL; returns when it has ended. */
  public void kill() {
    skep.kill();
  }

  /** SIGTERM; fails unless it has ended 10 seconds later. */
  public void stop() {
    skep.stop();
  }

  @Override
  public String toString() {
    return "replica " + number;
  }
}
