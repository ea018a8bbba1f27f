package dev.skep.cluster;

import dev.skep.cluster.demo.Demo;
import dev.skep.cluster.demo.Outcome;
import dev.skep.cluster.server.Replica;
import dev.skep.cluster.server.Server;
import dev.skep.cluster.server.Servers;
import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Servers, replicas and a balancer on this machine, until Ctrl-C or the end of the demonstration.
 */
public final class Cluster {

  private static final String ADMIN = "admin";

  private Cluster() {}

  /** The exit code is 0 when the demonstration lost nothing. */
  public static void main(String[] arguments) {
    Path checkout = Path.of(System.getProperty("skep.checkout", ".")).toAbsolutePath().normalize();
    Options options;
    try {
      options = Options.of(checkout, List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("skep: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  private static boolean run(Options options) {
    try (Site site = Site.open(options.checkout(), options.keep())) {
      try {
        return run(options, site);
      } catch (IOException e) {
        if (!site.isClosed()) {
          System.err.println("skep: " + e.getMessage());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    } catch (IOException e) {
      System.err.println("skep: " + e.getMessage());
      return false;
    }
  }

  private static boolean run(Options options, Site site) throws IOException, InterruptedException {
    site.say("starting MariaDB, an S3 server, etcd, Redis and NATS");
    List<Server> servers = Servers.start(site);
    site.say("starting %d replicas on them, all at once".formatted(options.replicas()));
    String password = Servers.secret();
    List<Replica> replicas =
        Replica.startAll(site, options.checkout(), options.replicas(), servers, password);
    try (Balancer balancer = Balancer.before(replicas, Site.freePort())) {
      site.say("all replicas are ready");
      if (options.demo()) {
        Outcome outcome =
            new Demo(site, options.checkout(), balancer.address(), replicas, ADMIN, password)
                .run(options.folders());
        System.out.print(outcome.text());
        if (options.keep()) {
          System.out.println("data and logs   " + site.folder());
        }
        return outcome.isGood();
      }
      System.out.print(addresses(site, balancer, replicas, servers, password));
      replicas.forEach(
          each ->
              each.child()
                  .onExit(
                      () -> {
                        if (!site.isClosed()) {
                          site.say(
                              "replica %d (process %d) has ended; the others go on"
                                  .formatted(each.number(), each.child().pid()));
                        }
                      }));
      new CountDownLatch(1).await();
      return true;
    }
  }

  private static String addresses(
      Site site, Balancer balancer, List<Replica> replicas, List<Server> servers, String password) {
    StringBuilder text = new StringBuilder();
    text.append("\nSkep          %s\n".formatted(balancer.address()));
    text.append("sign in       %s, password %s\n".formatted(ADMIN, password));
    text.append(token(balancer.address(), password)).append("\n\n");
    for (Replica each : replicas) {
      text.append(
          "replica %d     %s   (process %d: kill -9 it)\n"
              .formatted(each.number(), each.address(), each.child().pid()));
    }
    text.append('\n');
    for (Server each : servers) {
      text.append("%-13s %s   (%s)\n".formatted(each.name(), each.address(), each.port()));
    }
    text.append("\ndata, logs    %s\nCtrl-C ends all of it.\n".formatted(site.folder()));
    return text.toString();
  }

  /** What the README's tour begins with, for whoever tries it here. */
  private static String token(String address, String password) {
    return """
           with curl     API=%s/api/v1
                         TOKEN=$(curl -fsS -H 'Content-Type: application/json' \\
                           -d '{"name":"%s","password":"%s"}' $API/sessions | jq -r .token)
                         curl -fsS -u "%s:$TOKEN" $API/cluster | jq ."""
        .formatted(address, ADMIN, password, ADMIN);
  }
}
