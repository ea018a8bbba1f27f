package dev.skep.domain.cluster;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.cluster.ClusterView.DutyReport;
import dev.skep.domain.cluster.ClusterView.Member;
import dev.skep.domain.cluster.ClusterView.Shard;
import dev.skep.domain.cluster.ClusterView.Token;
import dev.skep.domain.duty.Duties;
import dev.skep.domain.duty.Fences;
import dev.skep.port.registry.Replica;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The replicas, their ports and duties, as administrators see them; nobody else does. While the
 * registry is down the last known replicas are shown, with the time at which they were known.
 */
@Singleton
public class Cluster {

  /** More than a replica that lives may be late with its heartbeat. */
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);

  private final Members members;
  private final PortReports ports;
  private final Duties duties;
  private final Fences fences;
  private final Heartbeats heartbeats;
  private final InstantSource clock;

  public Cluster(
      Members members,
      PortReports ports,
      Duties duties,
      Fences fences,
      Heartbeats heartbeats,
      InstantSource clock) {
    this.members = members;
    this.ports = ports;
    this.duties = duties;
    this.fences = fences;
    this.heartbeats = heartbeats;
    this.clock = clock;
  }

  public ClusterView get(Caller caller) {
    caller.requireAdmin();
    Members.State known = members.latest();
    return new ClusterView(
        members.own(),
        known.asOf(),
        known.replicas().stream().map(Cluster::member).toList(),
        ports.reports(),
        duties(known.replicas()),
        warnings(known));
  }

  /**
   * Asks whoever holds shards of a duty to hand them back, so that they are divided anew. Returns
   * when this replica has done so; others follow when they hear of it, and go on when they do not.
   */
  public void stepDown(Caller caller, String duty) {
    caller.requireAdmin();
    if (!duties.names().contains(duty)) {
      throw new SkepException(
          ErrorCode.NOT_FOUND,
          "There is no duty \"" + duty + "\". There are: " + String.join(", ", duties.names()));
    }
    duties.stepDown(duty);
  }

  private List<DutyReport> duties(List<Replica> replicas) {
    Map<String, Map<Integer, String>> holders = holders(replicas);
    Map<String, Token> tokens =
        fences.latest().stream()
            .collect(
                Collectors.toMap(
                    claim -> claim.shard(), claim -> new Token(claim.epoch(), claim.number())));
    return duties.names().stream()
        .map(name -> duty(name, holders.getOrDefault(name, Map.of()), tokens))
        .toList();
  }

  private DutyReport duty(String name, Map<Integer, String> holders, Map<String, Token> tokens) {
    return new DutyReport(
        name,
        IntStream.range(0, duties.shards(name))
            .mapToObj(shard -> new Shard(shard, holders.get(shard), tokens.get(name + "/" + shard)))
            .toList());
  }

  /** By duty and shard. While a shard changes hands two may name it; then either is shown. */
  private static Map<String, Map<Integer, String>> holders(List<Replica> replicas) {
    Map<String, Map<Integer, String>> holders = new TreeMap<>();
    for (Replica replica : replicas) {
      HeldShards.parse(replica.attributes().getOrDefault(HeldShards.ATTRIBUTE, ""))
          .byDuty()
          .forEach(
              (duty, shards) ->
                  shards.forEach(
                      shard ->
                          holders
                              .computeIfAbsent(duty, it -> new TreeMap<>())
                              .put(shard, replica.id())));
    }
    return holders;
  }

  private static Member member(Replica replica) {
    return new Member(
        replica.id(),
        replica.address().isEmpty() ? null : replica.address(),
        replica.version(),
        replica.roles().stream().sorted().toList(),
        load(replica.attributes().get(Members.LOAD)),
        new TreeMap<>(replica.drivers()),
        replica.startedAt());
  }

  private static @Nullable Double load(@Nullable String text) {
    try {
      return text == null ? null : Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // another version's
    }
  }

  private List<String> warnings(Members.State known) {
    List<String> warnings = new ArrayList<>();
    if (!known.fresh()) {
      warnings.add(
          "registry: it does not answer, so this shows the replicas as they were last known");
    }
    for (String role : List.of("web", "worker")) {
      if (known.replicas().stream().noneMatch(replica -> replica.roles().contains(role))) {
        warnings.add(
            role.equals("web")
                ? "No replica has the role web"
                : "No replica has the role worker: background work rests");
      }
    }
    List<String> versions =
        known.replicas().stream().map(Replica::version).distinct().sorted().toList();
    if (versions.size() > 1) {
      warnings.add("Replicas run different versions: " + String.join(", ", versions));
    }
    if (known.fresh()) {
      warnings.addAll(clocks(known.replicas()));
    }
    return warnings;
  }

  /**
   * Nothing is decided by comparing clocks, but times are shown and sessions end by them. A replica
   * that lives writes its own time every few seconds.
   */
  private List<String> clocks(List<Replica> living) {
    Instant now = clock.instant();
    Set<String> ids = living.stream().map(Replica::id).collect(Collectors.toSet());
    List<String> warnings = new ArrayList<>();
    for (Heartbeat row : heartbeats.all()) {
      Duration ahead = Duration.between(now, row.at());
      if (ids.contains(row.replica().toString()) && ahead.abs().compareTo(CLOCKS_DIFFER) > 0) {
        warnings.add(
            "The clock of replica %s is about %d s %s this one's. Let NTP set the clocks of all machines"
                .formatted(
                    row.replica(),
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of"));
      }
    }
    return warnings;
  }
}
