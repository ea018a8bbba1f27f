package dev.skep.blackbox.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who holds which shard of background work, as {@code /cluster} tells.
 *
 * @param holders by shard, as {@code sweeper/3}; the id of a replica, empty where nobody holds it
 * @param tokens by shard: the number of the last holder that has begun to work, 0 for none
 */
record Shares(Map<String, String> holders, Map<String, Long> tokens) {

  /** What the replicas of these tests are started with. */
  static final Duration LEASE = Duration.ofSeconds(4);

  /** How long a new holder of a shard may wait before it begins to work. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  /** What the coordinator declares beside the lease: docs/drivers/coordinator-etcd.md. */
  static final Duration SLACK = Duration.ofSeconds(2);

  /** The duty with many shards. */
  static final String SWEEPER = "sweeper/";

  /** As the replica sees it now. */
  static Shares at(Replica asked) {
    Map<String, String> holders = new TreeMap<>();
    Map<String, Long> tokens = new TreeMap<>();
    for (JsonNode duty : asked.admin().get("/cluster").is(200).json().path("duties")) {
      for (JsonNode shard : duty.path("shards")) {
        String key = duty.path("name").asText() + "/" + shard.path("shard").asText();
        holders.put(key, shard.path("holder").asText());
        tokens.put(key, shard.at("/token/number").asLong());
      }
    }
    return new Shares(holders, tokens);
  }

  /** The shards of the sweeper that a replica holds. */
  Set<String> of(Replica holder) {
    return holders.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(SWEEPER))
        .filter(entry -> entry.getValue().equals(holder.id()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether somebody of these holds each shard. */
  boolean areAllHeldBy(Set<String> ids) {
    return ids.containsAll(holders.values());
  }
}
