package dev.skep.domain.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one replica sees it.
 *
 * @param answeredBy the id of that replica
 * @param asOf when the registry has last told who lives; absent when it never has
 * @param warnings what an operator should know, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterView(
    String answeredBy,
    @Nullable Instant asOf,
    List<Member> replicas,
    List<PortReport> ports,
    List<DutyReport> duties,
    List<String> warnings) {

  /**
   * A replica that lives.
   *
   * @param address where it can be reached, if it knows
   * @param load the share of its processors that its process uses, 0 to 1; absent when not known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Member(
      String id,
      @Nullable String address,
      String version,
      List<String> roles,
      @Nullable Double load,
      Map<String, String> drivers,
      Instant startedAt) {}

  /** A duty and its shards. */
  public record DutyReport(String name, List<Shard> shards) {}

  /**
   * A shard of a duty.
   *
   * @param holder the id of the replica that says it holds it
   * @param token of the last holder that has begun to work; absent while nobody ever has
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Shard(int shard, @Nullable String holder, @Nullable Token token) {}

  /** A fencing token (P11): holders are ordered by epoch, then number. */
  public record Token(long epoch, long number) {}
}
