package dev.skep.testkit;

import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Hands every call on; a test overrides what it wants to break. */
public class ForwardingServiceRegistry implements ServiceRegistry {

  protected final ServiceRegistry registry;

  public ForwardingServiceRegistry(ServiceRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Duration expiry() {
    return registry.expiry();
  }

  @Override
  public Registration register(Replica replica) {
    return registry.register(replica);
  }

  @Override
  public List<Replica> list() {
    return registry.list();
  }

  @Override
  public Watch watch(Consumer<List<Replica>> watcher) {
    return registry.watch(watcher);
  }
}
