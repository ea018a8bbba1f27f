package dev.skep.blackbox;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** What all requests of this run were answered with, by method and route. */
public final class Observations {

  // The one mutable static of these tests: it is of the whole run by its nature.
  private static final Set<String> SEEN = new ConcurrentSkipListSet<>();

  private Observations() {}

  /** One answer. A path that no route of the description has is recorded as it is. */
  public static void record(String method, String path, int status) {
    String plain = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
    Description.get()
        .route(plain)
        .ifPresentOrElse(
            route -> SEEN.add(pair(method, route, status)),
            () -> SEEN.add(pair(method, "unknown " + plain, status)));
  }

  public static String pair(String method, String route, int status) {
    return method + " " + route + " → " + status;
  }

  static Set<String> all() {
    return new TreeSet<>(SEEN);
  }
}
