package dev.skep.bench.row;

import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import java.util.List;

/** Something that can be measured by itself. */
public interface Row {

  /** How {@code --only} calls it. */
  String name();

  /** What it does, for whoever waits. */
  String about();

  /** The commands it needs beside Java. */
  List<String> tools();

  /** Processes and folders it takes from the lab end with it. */
  void measure(Lab lab, Report report) throws Exception;
}
