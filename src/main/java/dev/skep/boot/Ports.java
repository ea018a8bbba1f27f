package dev.skep.boot;

import dev.skep.port.Driver;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.sql.SqlStore;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/**
 * Gives each port the driver that was chosen for it; only chosen drivers are ever made. Whoever
 * injects a port gets a proxy, since Quarkus makes request filters, and all that they need, before
 * the configuration can be read; behind it {@link PortCalls} looks at every call.
 */
final class Ports {

  @Produces
  @Singleton
  Choice choice(Config config) {
    ConfigurationCheck.Result result =
        new ConfigurationCheck(Catalogue.OF_THIS_BUILD).check(config.unwrap(SmallRyeConfig.class));
    if (!result.problems().isEmpty()) {
      throw new CannotStart(result.problems());
    }
    return result.choice();
  }

  @Produces
  @ApplicationScoped
  SqlStore sql(Choice choice, PortCalls calls, @Any Instance<SqlStore> drivers) {
    return calls.guarded(Port.SQL, SqlStore.class, chosen(Port.SQL, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  ObjectStore objects(Choice choice, PortCalls calls, @Any Instance<ObjectStore> drivers) {
    return calls.guarded(Port.OBJECTS, ObjectStore.class, chosen(Port.OBJECTS, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  ConfigStore config(Choice choice, PortCalls calls, @Any Instance<ConfigStore> drivers) {
    return calls.guarded(Port.CONFIG, ConfigStore.class, chosen(Port.CONFIG, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  CacheStore cache(Choice choice, PortCalls calls, @Any Instance<CacheStore> drivers) {
    return calls.guarded(Port.CACHE, CacheStore.class, chosen(Port.CACHE, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  PubSub pubsub(Choice choice, PortCalls calls, @Any Instance<PubSub> drivers) {
    // Its contract lets it be called before it is open.
    return calls.measured(Port.PUBSUB, PubSub.class, chosen(Port.PUBSUB, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  Coordinator coordinator(Choice choice, PortCalls calls, @Any Instance<Coordinator> drivers) {
    return calls.guarded(
        Port.COORDINATOR, Coordinator.class, chosen(Port.COORDINATOR, choice, drivers));
  }

  @Produces
  @ApplicationScoped
  ServiceRegistry registry(Choice choice, PortCalls calls, @Any Instance<ServiceRegistry> drivers) {
    return calls.guarded(
        Port.REGISTRY, ServiceRegistry.class, chosen(Port.REGISTRY, choice, drivers));
  }

  @Produces
  @Singleton
  Drivers drivers(
      Choice choice,
      PortStates states,
      @Any Instance<SqlStore> sql,
      @Any Instance<ObjectStore> objects,
      @Any Instance<ConfigStore> config,
      @Any Instance<CacheStore> cache,
      @Any Instance<PubSub> pubsub,
      @Any Instance<Coordinator> coordinator,
      @Any Instance<ServiceRegistry> registry) {
    Map<Port, Instance<?>> ports = new EnumMap<>(Port.class);
    ports.put(Port.SQL, sql);
    ports.put(Port.OBJECTS, objects);
    ports.put(Port.CONFIG, config);
    ports.put(Port.CACHE, cache);
    ports.put(Port.PUBSUB, pubsub);
    ports.put(Port.COORDINATOR, coordinator);
    ports.put(Port.REGISTRY, registry);
    List<ChosenDriver> chosen = new ArrayList<>();
    ports.forEach(
        (port, drivers) -> {
          Driver driver = (Driver) chosen(port, choice, drivers);
          chosen.add(new ChosenDriver(port, choice.driver(port), driver));
        });
    return new Drivers(chosen, states);
  }

  private static <T> T chosen(Port port, Choice choice, Instance<T> drivers) {
    return drivers.select(name(port, choice)).get();
  }

  private static Identifier name(Port port, Choice choice) {
    return Identifier.Literal.of(choice.driver(port));
  }
}
