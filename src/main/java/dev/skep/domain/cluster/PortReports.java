package dev.skep.domain.cluster;

import java.util.List;

/** Who knows how the ports of this replica are: {@code boot}. */
public interface PortReports {

  /** All ports, each after a round trip, which waits two seconds at most. */
  List<PortReport> reports();
}
