package dev.skep.bench.row;

import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Load;
import dev.skep.bench.lab.SkepServer;
import dev.skep.bench.lab.TreeRows;
import dev.skep.bench.lab.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The first page of a folder of 100,000 entries beside that of one of 100. */
public final class Folders implements Row {

  private static final int SMALL = 100;
  private static final int LARGE = 100_000;
  private static final String PEER = "a folder of 100";

  /** "As fast as", but for what two equal measurements differ by. */
  private static final Limit AS_FAST = Limit.atMost(1.2);

  @Override
  public String name() {
    return "folder";
  }

  @Override
  public String about() {
    return "first page (100 entries) of a folder of 100,000 beside one of 100";
  }

  @Override
  public List<String> tools() {
    return List.of();
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    Path data = lab.newFolder("skep");
    String sample = Samples.upload(lab, data);
    String small;
    String large;
    try (TreeRows rows = TreeRows.open(data, sample)) {
      small = fill(rows, "small", SMALL);
      large = fill(rows, "large", LARGE);
    }
    try (SkepServer skep = SkepServer.start(lab, data)) {
      requireEntries(skep, large, LARGE);
      measure(lab, report, skep, small, large);
    }
  }

  private static String fill(TreeRows rows, String name, int entries) throws IOException {
    byte[] folder = rows.folder(rows.root(), name);
    for (int i = 0; i < entries; i++) {
      rows.file(folder, "entry %06d.txt".formatted(i));
    }
    return TreeRows.text(folder);
  }

  /** Counts by paging: what was written past the API must be there for it. */
  private static void requireEntries(SkepServer skep, String folder, int wanted)
      throws IOException {
    int count = 0;
    String cursor = "";
    do {
      var page = skep.json(200, "GET", children(folder) + "?limit=1000" + cursor, "");
      count += page.get("items").size();
      cursor = page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    if (count != wanted) {
      throw new IOException("the folder shows " + count + " entries of " + wanted);
    }
  }

  private void measure(Lab lab, Report report, SkepServer skep, String small, String large)
      throws IOException {
    Load load = new Load(skep.port(), 1);
    Latency ofSmall = new Latency();
    Latency ofLarge = new Latency();
    int count = lab.fullOrQuick(400, 100);
    load.times(lab.fullOrQuick(3000, 500), page(skep, small));
    load.times(lab.fullOrQuick(1000, 200), page(skep, large));
    int rounds = lab.fullOrQuick(9, 3);
    for (int round = 1; round <= rounds; round++) {
      ofSmall.add(load.times(count, page(skep, small)));
      ofLarge.add(load.times(count, page(skep, large)));
    }
    lab.say("folder: %.2f ms beside %.2f ms".formatted(ofLarge.median(), ofSmall.median()));
    Latency.figures(name(), "first page of 100,000 entries", PEER, ofLarge, ofSmall, AS_FAST)
        .forEach(report::add);
  }

  private static Load.Step page(SkepServer skep, String folder) {
    byte[] request = Wire.request("GET", children(folder), skep.headers(), new byte[0]);
    return (wire, connection, n) -> {
      int status = wire.exchange(request);
      if (status != 200) {
        throw new IOException("children gave " + status + ": " + wire.body());
      }
    };
  }

  private static String children(String folder) {
    return "/api/v1/nodes/" + folder + "/children";
  }
}
