package dev.skep.bench.lab;

import java.io.IOException;
import java.time.Duration;

/** Waits for the first good answer of a server that starts. */
public final class Ready {

  /** Short beside what is measured, long enough not to take a core from who starts. */
  private static final int PAUSE_MILLIS = 5;

  private Ready() {}

  public static void await(Child child, int port, String address, String headers, Duration patience)
      throws IOException {
    byte[] request = Wire.request("GET", address, headers, new byte[0]);
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      if (!child.isAlive()) {
        throw new IOException("ended while it started: " + child.output());
      }
      if (answers(port, request)) {
        return;
      }
      pause();
    }
    throw new IOException("not ready within " + patience + ": " + child.output());
  }

  private static boolean answers(int port, byte[] request) {
    try (Wire wire = new Wire(port)) {
      return wire.exchange(request) == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
