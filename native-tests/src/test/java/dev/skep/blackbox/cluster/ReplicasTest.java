package dev.skep.blackbox.cluster;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;

/** Three replicas on one set of servers are one drive; each chapter goes on with the same ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
final class ReplicasTest {

  static final int COUNT = 3;

  private Servers servers;
  private Replicas replicas;

  @BeforeAll
  void start() {
    servers = Servers.start();
    replicas =
        Replicas.on(servers)
            .with("SKEP_DUTIES_LEASE", Shares.LEASE.toSeconds() + "s")
            .with("SKEP_CONTENT_SWEEP_INTERVAL", Shares.INTERVAL.toMillis() + "ms");
    long begin = System.nanoTime();
    replicas.start(COUNT);
    System.out.println(
        COUNT
            + " replicas at once on empty stores: whole after "
            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
            + " ms");
  }

  @AfterAll
  void end() {
    if (replicas != null) {
      replicas.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  @Nested
  @Order(1)
  final class Changes extends SeenByAll {
    Changes() {
      super(replicas);
    }
  }

  @Nested
  @Order(2)
  final class Withdrawn extends RefusedByAll {
    Withdrawn() {
      super(replicas);
    }
  }

  @Nested
  @Order(3)
  final class Once extends OnceForAll {
    Once() {
      super(replicas);
    }
  }

  @Nested
  @Order(4)
  final class Trees extends WholeTree {
    Trees() {
      super(replicas);
    }
  }

  @Nested
  @Order(5)
  final class Mixed extends Mixtures {
    Mixed() {
      super(replicas);
    }
  }

  @Nested
  @Order(6)
  final class Duties extends SharedDuties {
    Duties() {
      super(replicas);
    }
  }

  @Nested
  @Order(7)
  final class Upgrade extends RollingRestart {
    Upgrade() {
      super(replicas);
    }
  }
}
