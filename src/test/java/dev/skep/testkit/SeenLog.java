package dev.skep.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What is logged while it is open, by whatever logger; from INFO on. Thread-safe. */
public final class SeenLog implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = Logger.getLogger("");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          String text =
              record instanceof ExtLogRecord extended
                  ? extended.getFormattedMessage()
                  : String.valueOf(record.getMessage());
          String thrown = record.getThrown() == null ? "" : " " + record.getThrown();
          lines.add(record.getLevel() + " " + text + thrown);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public SeenLog() {
    handler.setLevel(Level.INFO);
    root.addHandler(handler);
  }

  /** Those with this text. */
  public List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  public List<String> all() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root.removeHandler(handler);
  }
}
