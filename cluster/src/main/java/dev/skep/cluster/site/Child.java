package dev.skep.cluster.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the site, and what it has started. */
public final class Child {

  private static final int SHOWN_LINES = 30;

  private final String name;
  private final Process process;
  private final Path log;
  private volatile boolean frozen;

  Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Calls this once it has ended, however it did. */
  public void onExit(Runnable action) {
    process.onExit().thenRun(action);
  }

  /** SIGKILL, which no process can prevent; returns when it has ended. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGSTOP: it does nothing until it is thawed, but keeps its connections. */
  public void freeze() {
    frozen = true;
    Signal.STOP.to(process.toHandle());
  }

  public void thaw() {
    frozen = false;
    Signal.CONT.to(process.toHandle());
  }

  /** Waits for its end; fails, with what it last said, unless it ends with 0. */
  public void await(Duration patience) throws IOException, InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException(name + " has not ended within " + patience + "\n" + lastLines());
    }
    if (process.exitValue() != 0) {
      throw new IOException(name + " ended with " + process.exitValue() + "\n" + lastLines());
    }
  }

  /** What it last said. */
  public String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    } catch (IOException e) {
      return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** SIGTERM to it and all below it. */
  void terminate() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    if (frozen) {
      thaw();
    }
    below.forEach(ProcessHandle::destroy);
  }

  /** Waits until it has ended; SIGKILL when that takes too long. */
  void end(long deadlineNanos) {
    List<ProcessHandle> below = process.descendants().toList();
    try {
      if (!process.waitFor(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    below.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }
}
