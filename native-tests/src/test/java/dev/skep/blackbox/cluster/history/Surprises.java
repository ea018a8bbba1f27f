package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Surprise;
import java.util.function.Consumer;

/** Nobody was answered with what nobody may be answered with, and all bytes are there. */
final class Surprises implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    history
        .all(Surprise.class)
        .forEach(surprise -> violated.accept(surprise.what() + " to " + surprise.span()));
    found.damages.forEach(violated);
  }
}
