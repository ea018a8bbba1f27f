package dev.skep.boot;

import dev.skep.domain.cluster.PortReport;
import dev.skep.domain.cluster.PortReports;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ports of this replica, for the cluster page. */
@Singleton
final class ReportedPorts implements PortReports {

  private final PortHealth health;

  ReportedPorts(PortHealth health) {
    this.health = health;
  }

  @Override
  public List<PortReport> reports() {
    return health.checks().stream().map(ReportedPorts::report).toList();
  }

  private static PortReport report(PortHealth.Check check) {
    ChosenDriver chosen = check.chosen();
    @Nullable Double latency =
        check.up() ? Math.round(check.latency().toNanos() / 1e4) / 100.0 : null;
    return new PortReport(
        chosen.port().word(),
        chosen.name(),
        chosen.driver().target(),
        check.up(),
        latency,
        check.up() ? chosen.server().orElse(null) : null,
        check.up() ? null : check.problem(),
        check.at());
  }
}
