package dev.skep.boot;

import com.sun.management.OperatingSystemMXBean;
import dev.skep.domain.cluster.HeldShards;
import dev.skep.domain.cluster.Members;
import dev.skep.domain.duty.Duties;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.port.registry.Replica;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells the registry of this replica, and what it holds and bears. */
@Singleton
final class MembersPart implements Part {

  private static final Duration EVERY = Duration.ofSeconds(2);

  /** Load changes all the time; only steps of it are worth a write to the registry. */
  private static final double STEP = 0.1;

  private final Members members;
  private final Duties duties;
  private final Self self;
  private final Roles roles;
  private final Choice choice;
  private final Bootstrap bootstrap;
  private volatile String drive = "";

  MembersPart(
      Members members, Duties duties, Self self, Roles roles, Choice choice, Bootstrap bootstrap) {
    this.members = members;
    this.duties = duties;
    this.self = self;
    this.roles = roles;
    this.choice = choice;
    this.bootstrap = bootstrap;
  }

  @Override
  public void start() {
    drive = bootstrap.installation().orElseThrow().toString();
    members.start(self.id().toString(), this::now, EVERY.toMillis());
  }

  @Override
  public void stop() {
    members.stop();
  }

  private Replica now() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put(HeldShards.ATTRIBUTE, held().text());
    attributes.put(Members.DRIVE, drive);
    double load = load();
    if (load >= 0) {
      attributes.put(
          Members.LOAD, String.format(Locale.ROOT, "%.1f", Math.round(load / STEP) * STEP));
    }
    return new Replica(
        self.id().toString(),
        Address.ofThisReplica(),
        Set.copyOf(roles.words()),
        self.version(),
        choice.drivers().entrySet().stream()
            .collect(Collectors.toMap(it -> it.getKey().word(), Map.Entry::getValue)),
        self.startedAt(),
        attributes);
  }

  private HeldShards held() {
    Map<String, Set<Integer>> held = new TreeMap<>();
    duties.names().forEach(name -> held.put(name, duties.held(name)));
    return new HeldShards(held);
  }

  /** Negative while it is not known. */
  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuLoad()
        : -1;
  }
}
