package dev.skep.port.leased;

import dev.skep.common.Deadline;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The memberships of one coordinator, which end with it. Thread-safe. */
public final class Memberships {

  private final Set<SharedWork> members = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A new member of the work that the store keeps.
   *
   * @param duration of each lease
   * @throws dev.skep.common.SkepException {@code unavailable}: then it has not joined
   */
  public Membership join(
      SharedWork.Store store, String name, int shards, Duration duration, ShardListener listener) {
    SharedWork member = new SharedWork(store, members::remove, name, shards, duration, listener);
    member.join();
    members.add(member);
    if (closed) {
      member.close(); // perhaps it was not in the set yet
    }
    return member;
  }

  /**
   * All leave.
   *
   * @param atMost how long their listeners may take together to let go of their shards
   */
  public void close(Duration atMost) {
    closed = true;
    List<SharedWork> last = List.copyOf(members);
    last.forEach(SharedWork::leave);
    Deadline deadline = Deadline.in(atMost);
    last.forEach(member -> member.awaitHandOver(deadline.left()));
  }
}
