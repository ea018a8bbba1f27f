package dev.skep.blackbox.cluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Says what of a history and what was found afterwards cannot both be true. Keeps nothing. */
final class Checker {

  /** One thing that must hold. */
  interface Rule {
    void check(History history, Found found, Consumer<String> violated);
  }

  private static final List<Rule> RULES =
      List.of(
          new Surprises(),
          new Registers(),
          new Versions(),
          new MadeOnce(),
          new Quotas(),
          new WholeTree(),
          new GaplessOutbox());

  private Checker() {}

  /** Empty when all holds; each line begins with the name of the rule. */
  static List<String> violations(History history, Found found) {
    List<String> violations = new ArrayList<>();
    for (Rule rule : RULES) {
      String name = rule.getClass().getSimpleName();
      rule.check(history, found, violation -> violations.add(name + ": " + violation));
    }
    return violations;
  }
}
