package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Use;
import java.util.function.Consumer;

/**
 * No workspace ever holds a byte more than its quota, and each counts exactly what it holds: every
 * version of every node, also in the trash.
 */
final class Quotas implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    for (Use use : history.all(Use.class)) {
      if (use.quota() >= 0 && use.used() > use.quota()) {
        violated.accept("over its quota: " + use);
      }
    }
    for (Found.Workspace workspace : found.workspaces) {
      if (workspace.quota() >= 0 && workspace.stored() > workspace.quota()) {
        violated.accept("over its quota: " + workspace);
      }
      if (workspace.used() != workspace.stored()) {
        violated.accept("used is not what is stored: " + workspace);
      }
    }
  }
}
