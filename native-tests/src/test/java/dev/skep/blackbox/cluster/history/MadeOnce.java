package dev.skep.blackbox.cluster.history;

import static java.util.stream.Collectors.groupingBy;

import dev.skep.blackbox.cluster.history.Operation.Make;
import dev.skep.blackbox.cluster.history.Operation.Purge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What was made is there, once however often its request was repeated; what was refused is not;
 * what was purged is gone with all that was in it.
 */
final class MadeOnce implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    Map<String, List<String>> digests = new HashMap<>();
    Stream.concat(
            found.nodes.stream().map(node -> Map.entry(node.name(), node.digest())),
            found.users.stream().map(user -> Map.entry(user, "")))
        .forEach(
            each ->
                digests
                    .computeIfAbsent(each.getKey(), n -> new ArrayList<>())
                    .add(each.getValue()));
    Map<String, List<Purge>> purges =
        history.all(Purge.class).stream().collect(groupingBy(Purge::name));
    for (Make make : history.all(Make.class)) {
      List<Purge> ofIt = new ArrayList<>(purges.getOrDefault(make.name(), List.of()));
      ofIt.addAll(purges.getOrDefault(make.inside(), List.of()));
      check(make, digests.getOrDefault(make.name(), List.of()), ofIt, violated);
    }
  }

  private static void check(
      Make make, List<String> digests, List<Purge> purges, Consumer<String> violated) {
    boolean mayBeGone = purges.stream().anyMatch(purge -> purge.outcome() != Outcome.REFUSED);
    boolean isGone = purges.stream().anyMatch(purge -> purge.outcome() == Outcome.DONE);
    if (digests.size() > 1) {
      violated.accept("there %d times: %s".formatted(digests.size(), make));
    }
    if (make.outcome() == Outcome.DONE && digests.isEmpty() && !mayBeGone) {
      violated.accept("lost: " + make);
    }
    if (make.outcome() == Outcome.REFUSED && !digests.isEmpty()) {
      violated.accept("refused, but there: " + make);
    }
    if (isGone && !digests.isEmpty()) {
      violated.accept("purged, but there: " + make + " by " + purges);
    }
    if (isGone && purges.stream().anyMatch(purge -> madeAfter(make, purge))) {
      violated.accept("made where all was purged: " + make + " by " + purges);
    }
    if (!make.digest().isEmpty() && !digests.isEmpty() && !digests.contains(make.digest())) {
      violated.accept("there with another content %s: %s".formatted(digests, make));
    }
  }

  private static boolean madeAfter(Make make, Purge purge) {
    return make.outcome() == Outcome.DONE
        && purge.outcome() == Outcome.DONE
        && purge.span().before(make.span());
  }
}
