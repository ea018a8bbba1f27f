package dev.skep.boot;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where a person sits, if one does. */
final class Terminal {

  private Terminal() {}

  static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Prints past the logger, in UTF-8 whatever the locale. */
  static void print(String text) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
  }
}
