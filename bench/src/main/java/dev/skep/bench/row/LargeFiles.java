package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Report;
import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Nginx;
import dev.skep.bench.lab.Proc;
import dev.skep.bench.lab.SkepServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One file of 2 GB down and up, beside nginx and beside the disk. */
public final class LargeFiles implements Row {

  private static final Limit BUDGET = Limit.atLeast(0.8);

  @Override
  public String name() {
    return "large";
  }

  @Override
  public String about() {
    return "2 GB down and up at -Xmx96m, beside nginx and the disk's own forced write";
  }

  @Override
  public List<String> tools() {
    return List.of("nginx", "curl");
  }

  @Override
  public void measure(Lab lab, Report report) throws Exception {
    long size = lab.fullOrQuick(2_000_000_000L, 400_000_000L);
    Path source = lab.newFolder("source").resolve("large.bin");
    Disk.makeFile(source, size);
    try (SkepServer skep = SkepServer.start(lab, lab.newFolder("skep"), "-Xmx96m")) {
      Nginx nginx = Nginx.start(lab);
      LargeTransfers transfers = new LargeTransfers(lab, skep, nginx, source);
      lab.say("large: warming up");
      transfers.warmUp();
      int rounds = lab.fullOrQuick(5, 2);
      for (int round = 1; round <= rounds; round++) {
        transfers.round(round);
        lab.say("large, round " + round + " of " + rounds + ", " + transfers.last());
      }
      add(report, transfers, Sizes.text(size));
      report.add(memory(Proc.peakMiB(skep.pid()), Proc.peakMiB(nginx.pid())));
    }
    report.notShown(
        "nginx over TLS as the equal run of downloads: content is not encrypted yet, so both run as they come");
  }

  private void add(Report report, LargeTransfers all, String size) {
    String down = "download of " + size;
    add(report, down, "nginx, sendfile", all.skepDown, all.sendfileDown, BUDGET);
    add(report, down, "nginx, no sendfile", all.skepDown, all.noSendfileDown, Limit.NONE);
    String up = "upload of " + size;
    String forced = "nginx dav, file and folder forced";
    add(report, up, "nginx dav as it comes", all.skepUp, all.nginxUp, Limit.NONE);
    add(report, up, forced, all.skepUp, all.nginxForcedUp, Limit.NONE);
    add(report, up, "the disk, one forced write", all.skepUp, all.disk, BUDGET);
    add(report, up, "the disk, past the system's cache", all.skepUp, all.direct, Limit.NONE);
  }

  private void add(
      Report report,
      String budget,
      String peer,
      List<Double> skep,
      List<Double> other,
      Limit limit) {
    report.add(Figure.ofRounds(name(), budget, peer, skep, other, "MB/s", limit));
  }

  private Figure memory(double skep, double nginx) {
    return new Figure(
        name(),
        "peak resident after all these transfers, -Xmx96m",
        "nginx, all its processes",
        skep,
        nginx,
        "MiB",
        Limit.NONE,
        Map.of());
  }
}
