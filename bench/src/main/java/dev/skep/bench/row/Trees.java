package dev.skep.bench.row;

import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import java.io.IOException;
import java.util.List;

/** Stat, list, move and a long path in a tree of 1,000,000 nodes beside one of 10,000. */
public final class Trees implements Row {

  private static final int SMALL = 10_000;
  private static final int LARGE = 1_000_000;
  private static final String PEER = "a tree of 10,000";
  private static final Limit TWICE = Limit.atMost(2);

  @Override
  public String name() {
    return "tree";
  }

  @Override
  public String about() {
    return "stat, list, move, path of 60 segments in a tree of 1,000,000 nodes beside one of 10,000";
  }

  @Override
  public List<String> tools() {
    return List.of();
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    try (Tree small = Tree.make(lab, SMALL);
        Tree large = Tree.make(lab, lab.fullOrQuick(LARGE, LARGE / 5))) {
      small.require(lab);
      large.require(lab);
      for (Tree.Operation operation : Tree.Operation.values()) {
        measure(lab, report, operation, small, large);
      }
    }
  }

  private void measure(Lab lab, Report report, Tree.Operation operation, Tree small, Tree large)
      throws IOException {
    int count = lab.fullOrQuick(400, 150);
    int rounds = lab.fullOrQuick(9, 3);
    Latency ofSmall = new Latency();
    Latency ofLarge = new Latency();
    run(small, operation, lab.fullOrQuick(2500, 500));
    run(large, operation, lab.fullOrQuick(2500, 500));
    for (int round = 0; round < rounds; round++) {
      ofSmall.add(run(small, operation, count));
      ofLarge.add(run(large, operation, count));
    }
    lab.say(
        "tree: %s: %.2f ms beside %.2f ms"
            .formatted(operation.title(), ofLarge.median(), ofSmall.median()));
    Latency.figures(
            name(),
            operation.title() + ", %,d nodes".formatted(large.size()),
            PEER,
            ofLarge,
            ofSmall,
            TWICE)
        .forEach(report::add);
  }

  private static Load.Result run(Tree tree, Tree.Operation operation, int count)
      throws IOException {
    return new Load(tree.port(), 1).times(count, tree.step(operation));
  }
}
