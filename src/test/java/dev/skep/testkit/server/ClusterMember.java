package dev.skep.testkit.server;

/** One of several servers that elect a leader. */
public interface ClusterMember {

  ServerProcess process();

  /** False while it does not answer. */
  boolean isLeader();
}
