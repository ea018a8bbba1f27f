package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.Servers;
import java.util.List;

/** Whether the tables of MariaDB and the S3 server's folder agree, whatever was done before. */
public final class Consistency {

  private Consistency() {}

  /** Empty when they do. To be asked while nothing is under way. */
  public static List<String> violations(Servers servers) {
    Found found = new Found();
    new Tables(servers).read(found);
    return Checker.violations(new History(), found);
  }
}
