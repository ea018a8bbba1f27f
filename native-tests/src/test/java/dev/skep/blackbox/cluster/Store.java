package dev.skep.blackbox.cluster;

import dev.skep.cluster.server.Server;
import dev.skep.testkit.server.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server that replicas share: a process that can be frozen, killed and started again, behind a
 * line that can be cut, go silent or become slow. All replicas have the same line to it, except
 * those that were started {@linkplain Replicas#startApart apart}. Thread-safe.
 */
public final class Store {

  private final Server server;
  private final TcpProxy line;
  private final Queue<TcpProxy> lines = new ConcurrentLinkedQueue<>();

  Store(Server server) throws IOException {
    this.server = server;
    this.line = newLine();
  }

  public String name() {
    return server.name();
  }

  /** SIGSTOP: connections stay, nothing is answered until it is thawed. */
  public void freeze() {
    server.child().freeze();
  }

  public void thaw() {
    server.child().thaw();
  }

  /** SIGKILL; returns when it has ended. */
  public void kill() {
    server.child().kill();
  }

  public boolean isRunning() {
    return server.child().isAlive();
  }

  /** Kills it if it runs and starts it on the same port and data; returns when it answers. */
  public void restart() {
    restartWith();
  }

  /** As {@link #restart}, from now on with these words at the end of its command. */
  public void restartWith(String... more) {
    try {
      server.restartWith(List.of(more));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends all connections and refuses new ones, of every replica. */
  public void cut() {
    lines.forEach(TcpProxy::cut);
  }

  /** A black hole: connections stay and new ones are taken, but nothing passes, of no replica. */
  public void silence() {
    lines.forEach(TcpProxy::silence);
  }

  /** Requests reach the server, answers are lost. */
  public void loseAnswers() {
    lines.forEach(TcpProxy::loseAnswers);
  }

  /** Each piece of bytes waits this long in each direction. */
  public void slow(Duration each) {
    lines.forEach(line -> line.slow(each));
  }

  /** Ends all connections once; new ones work. */
  public void reset() {
    lines.forEach(TcpProxy::reset);
  }

  /** The lines are well again; connections that went into a black hole are gone. */
  public void heal() {
    lines.forEach(TcpProxy::mend);
  }

  /** All is well again: it runs, is not frozen, and its lines are healed. */
  public void mend() {
    if (isRunning()) {
      thaw();
    } else {
      restart();
    }
    heal();
  }

  /** Connections of replicas that are open now. */
  public int connections() {
    return lines.stream().mapToInt(TcpProxy::connections).sum();
  }

  /** The line of the replicas that have none of their own. */
  public TcpProxy line() {
    return line;
  }

  /** One more line to it. */
  TcpProxy newLine() {
    try {
      TcpProxy more = TcpProxy.to("127.0.0.1", server.tcpPort());
      lines.add(more);
      return more;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tells a replica where it is, by this line. */
  public Map<String, String> environment(TcpProxy by) {
    return server.environment("127.0.0.1:" + by.port());
  }

  /** The configuration of a replica beside it, without a line between. */
  public Map<String, String> settings() {
    return server.settings();
  }

  /** Where it listens itself, on 127.0.0.1. */
  public int port() {
    return server.tcpPort();
  }

  void close() {
    lines.forEach(
        each -> {
          try {
            each.close();
          } catch (IOException e) {
            // it ends with the process
          }
        });
  }
}
