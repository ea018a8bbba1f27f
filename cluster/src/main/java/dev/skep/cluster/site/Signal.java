package dev.skep.cluster.site;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What the JDK cannot send to a process. */
public enum Signal {
  /** It lives, with all its connections, and does nothing. */
  STOP,
  /** It goes on. */
  CONT;

  /** Returns when the signal has been sent. */
  public void to(ProcessHandle process) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0 && process.isAlive()) {
        throw new IOException("kill -" + name() + " " + process.pid() + " gave " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
