package dev.skep.bench.row;

import dev.skep.bench.lab.Disk;
import dev.skep.bench.lab.Lab;
import dev.skep.bench.lab.Nginx;
import dev.skep.bench.lab.SkepServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rounds of one large file, by Skep, by nginx and by the disk alone, in MB a second. */
final class LargeTransfers {

  private static final double MEGA = 1e6;
  private static final int WARM_UPS = 3;
  private static final String SERVED = "served.bin";

  private final Lab lab;
  private final SkepServer skep;
  private final Nginx nginx;
  private final Path source;
  private final long size;
  private final Curl curl;

  final List<Double> skepDown = new ArrayList<>();
  final List<Double> sendfileDown = new ArrayList<>();
  final List<Double> noSendfileDown = new ArrayList<>();
  final List<Double> skepUp = new ArrayList<>();
  final List<Double> nginxUp = new ArrayList<>();
  final List<Double> nginxForcedUp = new ArrayList<>();
  final List<Double> disk = new ArrayList<>();
  final List<Double> direct = new ArrayList<>();

  LargeTransfers(Lab lab, SkepServer skep, Nginx nginx, Path source) throws IOException {
    this.lab = lab;
    this.skep = skep;
    this.nginx = nginx;
    this.source = source;
    this.size = Files.size(source);
    this.curl = new Curl(lab);
  }

  /** Puts the file where it will be downloaded from, and moves it some times each way. */
  void warmUp() throws IOException {
    Files.copy(source, nginx.folder().resolve(SERVED));
    for (int i = 0; i < WARM_UPS; i++) {
      curl.upload(source, skep.url("warm" + i), skep.headers());
    }
    curl.upload(source, skep.url(SERVED), skep.headers());
    for (int i = 0; i < WARM_UPS; i++) {
      curl.download(skep.url(SERVED), skep.headers());
    }
    curl.download(nginx.url(SERVED), "");
    curl.download(nginx.urlWithoutSendfile(SERVED), "");
  }

  void round(int number) throws IOException {
    downloads();
    uploads("up" + number + ".bin");
  }

  private void downloads() throws IOException {
    lab.settle();
    skepDown.add(rate(curl.download(skep.url(SERVED), skep.headers())));
    sendfileDown.add(rate(curl.download(nginx.url(SERVED), "")));
    noSendfileDown.add(rate(curl.download(nginx.urlWithoutSendfile(SERVED), "")));
  }

  private void uploads(String name) throws IOException {
    Path stored = nginx.folder().resolve(name);
    lab.settle();
    skepUp.add(rate(curl.upload(source, skep.url(name), skep.headers())));
    lab.settle();
    nginxUp.add(rate(curl.upload(source, nginx.url(name), "")));
    Files.delete(stored);
    lab.settle();
    nginxForcedUp.add(rate(curl.upload(source, nginx.url(name), "") + secondsToForce(stored)));
    Files.delete(stored);
    lab.settle();
    disk.add(rate(Disk.writeForced(stored, size)));
    Files.delete(stored);
    lab.settle();
    direct.add(rate(Disk.writeDirect(stored, size)));
    Files.delete(stored);
  }

  private static double secondsToForce(Path stored) throws IOException {
    long begin = System.nanoTime();
    Disk.forceWithFolder(stored);
    return (System.nanoTime() - begin) / 1e9;
  }

  private double rate(double seconds) {
    return size / MEGA / seconds;
  }

  /** The last round, for whoever waits. */
  String last() {
    return String.format(
        Locale.ROOT,
        "MB/s: down %.0f (nginx %.0f, without sendfile %.0f); up %.0f (nginx %.0f, forced %.0f; disk %.0f, past its cache %.0f)",
        skepDown.getLast(),
        sendfileDown.getLast(),
        noSendfileDown.getLast(),
        skepUp.getLast(),
        nginxUp.getLast(),
        nginxForcedUp.getLast(),
        disk.getLast(),
        direct.getLast());
  }
}
