package dev.skep.cluster.server;

import java.util.Map;

/**
 * A server that replicas share.
 *
 * @param name of the product
 * @param port of Skep that it serves, for the eyes
 * @param address for people
 * @param settings of a replica that uses it
 */
public record Server(String name, String port, String address, Map<String, String> settings) {

  /** The environment variable of a key. */
  static String variable(String key) {
    return key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
