package dev.skep.port.coordinator.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorContract;
import dev.skep.testkit.ContractRun;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each part of the contract catches a coordinator that breaks it. */
class CoordinatorContractTest {

  @Test
  void everyPartHasItsCatch() {
    assertThat(ContractRun.nestedClasses(CoordinatorContract.class))
        .containsExactlyInAnyOrder("Leases", "FencingTokens", "SharedOutWork", "Failures");
  }

  @Test
  void leasesCatchesHoldersThatNeverStopBelieving() {
    ContractRun.of(OverEternalLeases.class, "Leases")
        .assertRed("aPausedHolderStopsBelievingByItsOwnClock", "onceLostALeaseIsNeverHeldAgain");
  }

  @Test
  void fencingTokensCatchesNumbersThatDoNotGrowAndAnIdentityThatStays() {
    ContractRun.of(OverConstantTokens.class, "FencingTokens")
        .assertRed(
            "everyNewHolderGetsAGreaterNumberUnderTheSameIdentity",
            "aHolderAfterALostOneHasAGreaterNumber",
            "theIdentityChangesWhenTheStoreThatCountsIsMadeAnew");
  }

  @Test
  void sharedOutWorkCatchesAMemberThatGivesAShardUpBeforeItsListenerHasLetGo() {
    ContractRun.of(OverOverlappingCalls.class, "SharedOutWork")
        .assertRed("eachShardHasAtMostOneHolderWhileMembersComeAndGo");
  }

  @Test
  void failuresCatchesACoordinatorThatHidesThatItIsDown() {
    ContractRun.of(OverHiddenFailures.class, "Failures")
        .assertRed("everyCallIsUnavailableWhileTheTargetIsDown");
  }

  /** Believes for ever. */
  static class OverEternalLeases extends EmbeddedCoordinatorTest {
    @Override
    protected Coordinator start() {
      return new Wrapper(super.start()) {
        @Override
        public @Nullable Lease tryAcquire(String name, Duration duration) {
          Lease lease = coordinator.tryAcquire(name, duration);
          return lease == null ? null : new WrappedLease(lease, lease.token(), true);
        }
      };
    }
  }

  /** Gives every holder the same token. */
  static class OverConstantTokens extends EmbeddedCoordinatorTest {
    @Override
    protected Coordinator start() {
      return new Wrapper(super.start()) {
        @Override
        public @Nullable Lease tryAcquire(String name, Duration duration) {
          Lease lease = coordinator.tryAcquire(name, duration);
          return lease == null ? null : new WrappedLease(lease, new FencingToken("x", 1), false);
        }
      };
    }
  }

  /** Tells of a loss in passing, so that the next holder is told before the last one knows. */
  static class OverOverlappingCalls extends EmbeddedCoordinatorTest {
    @Override
    protected Coordinator start() {
      return new Wrapper(super.start()) {
        @Override
        public Membership share(
            String name, int shards, Duration duration, ShardListener listener) {
          return coordinator.share(name, shards, duration, inPassing(listener));
        }
      };
    }

    private static Coordinator.ShardListener inPassing(Coordinator.ShardListener listener) {
      return new Coordinator.ShardListener() {
        @Override
        public void gained(int shard, Coordinator.Lease lease) {
          listener.gained(shard, lease);
        }

        @Override
        public void lost(int shard) {
          Thread.ofVirtual().start(() -> listener.lost(shard));
        }
      };
    }
  }

  /** Says that somebody else holds the name. */
  static class OverHiddenFailures extends EmbeddedCoordinatorTest {
    @Override
    protected Coordinator start() {
      return new Wrapper(super.start()) {
        @Override
        public @Nullable Lease tryAcquire(String name, Duration duration) {
          try {
            return coordinator.tryAcquire(name, duration);
          } catch (RuntimeException e) {
            return null;
          }
        }
      };
    }
  }

  private static class Wrapper implements Coordinator {

    final Coordinator coordinator;

    Wrapper(Coordinator coordinator) {
      this.coordinator = coordinator;
    }

    @Override
    public Duration slack() {
      return coordinator.slack();
    }

    @Override
    public @Nullable Lease tryAcquire(String name, Duration duration) {
      return coordinator.tryAcquire(name, duration);
    }

    @Override
    public Membership share(String name, int shards, Duration duration, ShardListener listener) {
      return coordinator.share(name, shards, duration, listener);
    }
  }

  private record WrappedLease(
      Coordinator.Lease lease, Coordinator.FencingToken token, boolean eternal)
      implements Coordinator.Lease {

    @Override
    public String name() {
      return lease.name();
    }

    @Override
    public boolean held() {
      return eternal || lease.held();
    }

    @Override
    public void onLoss(Runnable action) {
      lease.onLoss(action);
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
