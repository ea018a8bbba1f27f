package dev.skep.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the lab. It is ended by its handle, and what it has started with it. */
public final class Child implements AutoCloseable {

  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final Path output;

  Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has started, and what these have. */
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end; the exit code. */
  public int await(Duration patience) {
    if (!ended(patience.toMillis())) {
      close();
      throw new IllegalStateException("not ended within " + patience + ": " + output());
    }
    return process.exitValue();
  }

  /** SIGTERM to it alone, for a process that does its work at its end. */
  public void terminate(Duration patience) {
    process.destroy();
    await(patience);
  }

  /** SIGTERM to it and all below it; SIGKILL for what stays. */
  @Override
  public void close() {
    List<ProcessHandle> below = descendants();
    process.destroy();
    below.forEach(ProcessHandle::destroy);
    if (!ended(STOP_SECONDS * 1000L)) {
      process.destroyForcibly();
    }
    below.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  private boolean ended(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
