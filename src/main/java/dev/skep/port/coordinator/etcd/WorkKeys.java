package dev.skep.port.coordinator.etcd;

import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdFollower;
import dev.skep.port.leased.Follower;
import dev.skep.port.leased.RenewableLease;
import dev.skep.port.leased.SharedWork;
import io.etcd.jetcd.api.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One shared-out work: each member has a key {@code work/NAME/members/ID}, each taken shard one
 * under {@code work/NAME/shards/}, all under leases. Thread-safe.
 */
final class WorkKeys implements SharedWork.Store {

  private static final Pattern SHARD = Pattern.compile("shards/[0-9]{1,4}");

  private final EtcdConnection etcd;
  private final Holders holders;
  private final String name;
  private final Duration duration;

  /**
   * @param duration of each lease
   */
  WorkKeys(EtcdConnection etcd, Holders holders, String name, Duration duration) {
    this.etcd = etcd;
    this.holders = holders;
    this.name = name;
    this.duration = duration;
  }

  @Override
  public @Nullable RenewableLease takePlace(String id) {
    return holders.tryAcquire(work() + "members/" + id, name + "/members", duration);
  }

  @Override
  public @Nullable RenewableLease takeShard(int shard) {
    return holders.tryAcquire(work() + "shards/" + shard, name + "/" + shard, duration);
  }

  @Override
  public Follower<?> follow(Consumer<SharedWork.View> listener) {
    return etcd.follow(work(), state -> listener.accept(view(state)));
  }

  private static SharedWork.View view(EtcdFollower.State state) {
    List<KeyValue> members = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    state
        .entries()
        .forEach(
            (key, entry) -> {
              if (key.startsWith("members/")) {
                members.add(entry);
              } else if (SHARD.matcher(key).matches()) {
                taken.add(Integer.valueOf(key.substring("shards/".length())));
              }
            });
    List<String> inOrder =
        members.stream()
            .sorted(Comparator.comparingLong(KeyValue::getCreateRevision))
            .map(entry -> entry.getKey().toStringUtf8())
            .map(key -> key.substring(key.lastIndexOf('/') + 1))
            .toList();
    return new SharedWork.View(inOrder, taken);
  }

  private String work() {
    return "work/" + name + "/";
  }
}
