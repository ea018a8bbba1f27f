package dev.skep.testkit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a process that is going to be killed tells {@link KilledWriters}, over its standard output:
 * that a write begins, and that the driver has returned from it. Each is one short write to a pipe,
 * which arrives whole or not at all.
 */
public final class Witness {

  /** A write of a numbered series. */
  @FunctionalInterface
  public interface Write {
    void number(long number);
  }

  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

  private Witness() {}

  /** Ends this process with the one that has started it. */
  public static Witness start() {
    Thread.ofPlatform().daemon().start(Witness::endWithParent);
    return new Witness();
  }

  /** Writes one after another, from this number on, until this process is killed. */
  public void writeForEver(int writer, long first, Write write) {
    for (long number = first; ; number++) {
      say("begin " + writer + " " + number);
      write.number(number);
      say("done " + writer + " " + number);
    }
  }

  private synchronized void say(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent says nothing.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(1);
  }
}
