package dev.skep.api.rest;

/** What this replica counts; {@code boot} has it. */
public interface Metrics {

  /** All of it, in the text format of Prometheus. */
  String text();

  /** Whether this is the secret that was configured for reading metrics. */
  boolean opensWith(String secret);
}
