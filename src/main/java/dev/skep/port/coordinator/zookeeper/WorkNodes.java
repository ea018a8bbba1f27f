package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.leased.Follower;
import dev.skep.port.leased.RenewableLease;
import dev.skep.port.leased.SharedWork;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * One shared-out work: each member has a node {@code work-NAME/members/ID}, each taken shard one
 * under {@code work-NAME/shards}, all ephemeral. Thread-safe.
 */
final class WorkNodes implements SharedWork.Store {

  private static final Pattern SHARD = Pattern.compile("[0-9]{1,4}");

  private final ZooKeeperConnection connection;
  private final Holders holders;
  private final String name;
  private final Duration duration;

  /**
   * @param duration of each lease
   */
  WorkNodes(ZooKeeperConnection connection, Holders holders, String name, Duration duration) {
    this.connection = connection;
    this.holders = holders;
    this.name = name;
    this.duration = duration;
  }

  @Override
  public @Nullable RenewableLease takePlace(String id) {
    connection.ensure(members());
    connection.ensure(taken());
    return holders.tryAcquire(members() + "/" + id, name + "/members", duration);
  }

  @Override
  public @Nullable RenewableLease takeShard(int shard) {
    return holders.tryAcquire(taken() + "/" + shard, name + "/" + shard, duration);
  }

  @Override
  public Follower<?> follow(Consumer<SharedWork.View> listener) {
    return connection.follow(work(), this::read, listener);
  }

  private SharedWork.View read(ZooKeeper client) throws KeeperException, InterruptedException {
    return new SharedWork.View(
        children(client, members()).sorted().toList(),
        children(client, taken())
            .filter(each -> SHARD.matcher(each).matches())
            .map(Integer::valueOf)
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Stream<String> children(ZooKeeper client, String path)
      throws KeeperException, InterruptedException {
    try {
      return client.getChildren(path, false).stream();
    } catch (KeeperException.NoNodeException e) {
      return Stream.empty(); // a store made anew; whoever takes a place there makes it again
    }
  }

  private String work() {
    return connection.settings().path("work-" + name);
  }

  private String members() {
    return work() + "/members";
  }

  private String taken() {
    return work() + "/shards";
  }
}
