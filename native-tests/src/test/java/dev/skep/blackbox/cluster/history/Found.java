package dev.skep.blackbox.cluster.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is there afterwards, as the API and the tables say. */
final class Found {

  /** A row of the tree. */
  record Node(
      String id,
      String workspace,
      String parent,
      String name,
      boolean file,
      String digest,
      String state) {}

  /**
   * A row of a workspace.
   *
   * @param quota -1 for none
   * @param stored the sum of the sizes of all versions of its nodes
   */
  record Workspace(
      String id, String root, String trash, long seq, long quota, long used, long stored) {}

  /**
   * The last that the outbox says of a node.
   *
   * @param state empty when it says that the node is gone
   */
  record Told(String node, long seq, String state) {}

  /** Of each register; what could not be read is absent. */
  final Map<String, String> registers = new TreeMap<>();

  /** Of each content register, the digests of all versions, the oldest first. */
  final Map<String, List<String>> versions = new TreeMap<>();

  final List<Node> nodes = new ArrayList<>();
  final List<Workspace> workspaces = new ArrayList<>();

  /** Names of users. */
  final List<String> users = new ArrayList<>();

  /** The numbers of the rows of each workspace's outbox. */
  final Map<String, SortedSet<Long>> outbox = new TreeMap<>();

  final Map<String, Told> told = new HashMap<>();

  /** Ids of nodes that a walk over the API met, as often as it did. */
  final List<String> walked = new ArrayList<>();

  /** Ids of the nodes that it should have met. */
  final SortedSet<String> live = new TreeSet<>();

  /** What is wrong with bytes, each in words. */
  final List<String> damages = new ArrayList<>();

  void register(String register, String value) {
    registers.put(register, value);
  }

  void outbox(String workspace, long seq) {
    outbox.computeIfAbsent(workspace, key -> new TreeSet<>()).add(seq);
  }
}
