package dev.skep.bench.ports;

import java.util.List;

/**
 * An operation of a driver, and what it is measured beside.
 *
 * @param name what it does, for the table
 * @param callers at once
 */
record Comparison(String name, int callers, Operation driver, List<Peer> peers) {

  Comparison {
    peers = List.copyOf(peers);
  }

  static Comparison alone(String name, Operation driver, Peer... peers) {
    return new Comparison(name, 1, driver, List.of(peers));
  }

  static Comparison together(int callers, String name, Operation driver, Peer... peers) {
    return new Comparison(name, callers, driver, List.of(peers));
  }
}
