package dev.skep.port.coordinator.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorLimits;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a single process. It forgets everything when the process ends, so its identity
 * is a new one at each {@link #open}: fencing tokens of before stay older (P11).
 */
@Singleton
@Identifier("embedded")
public final class EmbeddedCoordinator implements Coordinator, Driver {

  private static final Duration SLACK = Duration.ofMillis(500);

  /** How long listeners may take together to let go of their shards when the driver closes. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;
  private final Map<String, List<EmbeddedMembership>> works = new HashMap<>();
  private volatile @Nullable LeaseTable table;

  @Inject
  public EmbeddedCoordinator() {
    this(System::nanoTime);
  }

  private EmbeddedCoordinator(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * One for tests, whose holders can be paused.
   *
   * @param nanoTime the monotonic clock that leases end by
   */
  public static EmbeddedCoordinator onClock(LongSupplier nanoTime) {
    return new EmbeddedCoordinator(nanoTime);
  }

  @Override
  public void open() {
    table = new LeaseTable(UUID.randomUUID().toString(), nanoTime);
  }

  @Override
  public Duration slack() {
    return SLACK;
  }

  @Override
  public @Nullable Lease tryAcquire(String name, Duration duration) {
    return table().tryAcquire(CoordinatorLimits.name(name), CoordinatorLimits.duration(duration));
  }

  @Override
  public Membership share(String name, int shards, Duration duration, ShardListener listener) {
    CoordinatorLimits.name(name);
    CoordinatorLimits.shards(shards);
    CoordinatorLimits.duration(duration);
    LeaseTable open = table();
    return open.locked(
        () -> {
          List<EmbeddedMembership> members = works.computeIfAbsent(name, n -> new ArrayList<>());
          EmbeddedMembership member =
              new EmbeddedMembership(open, members, name, shards, duration, listener);
          member.join();
          return member;
        });
  }

  @Override
  public String target() {
    return "this process";
  }

  @Override
  public void check() {
    table();
  }

  @Override
  public void close() {
    LeaseTable open = table;
    if (open == null) {
      return;
    }
    table = null;
    List<EmbeddedMembership> members =
        open.locked(() -> works.values().stream().flatMap(List::stream).toList());
    members.forEach(EmbeddedMembership::leave);
    members.forEach(member -> member.awaitHandOver(CLOSING.dividedBy(members.size())));
    open.close();
  }

  private LeaseTable table() {
    LeaseTable open = table;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The coordinator is not open");
    }
    return open;
  }
}
