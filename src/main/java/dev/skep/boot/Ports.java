package dev.skep.boot;

import dev.skep.port.Driver;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.objects.ObjectStore;
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
 * the configuration can be read.
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
  SqlStore sql(Choice choice, @Any Instance<SqlStore> drivers) {
    return chosen(Port.SQL, choice, drivers);
  }

  @Produces
  @ApplicationScoped
  ObjectStore objects(Choice choice, @Any Instance<ObjectStore> drivers) {
    return chosen(Port.OBJECTS, choice, drivers);
  }

  @Produces
  @ApplicationScoped
  ConfigStore config(Choice choice, @Any Instance<ConfigStore> drivers) {
    return chosen(Port.CONFIG, choice, drivers);
  }

  @Produces
  @ApplicationScoped
  CacheStore cache(Choice choice, @Any Instance<CacheStore> drivers) {
    return chosen(Port.CACHE, choice, drivers);
  }

  @Produces
  @ApplicationScoped
  Coordinator coordinator(Choice choice, @Any Instance<Coordinator> drivers) {
    return chosen(Port.COORDINATOR, choice, drivers);
  }

  @Produces
  @ApplicationScoped
  ServiceRegistry registry(Choice choice, @Any Instance<ServiceRegistry> drivers) {
    return chosen(Port.REGISTRY, choice, drivers);
  }

  @Produces
  @Singleton
  Drivers drivers(
      Choice choice,
      @Any Instance<SqlStore> sql,
      @Any Instance<ObjectStore> objects,
      @Any Instance<ConfigStore> config,
      @Any Instance<CacheStore> cache,
      @Any Instance<Coordinator> coordinator,
      @Any Instance<ServiceRegistry> registry) {
    Map<Port, Instance<?>> ports = new EnumMap<>(Port.class);
    ports.put(Port.SQL, sql);
    ports.put(Port.OBJECTS, objects);
    ports.put(Port.CONFIG, config);
    ports.put(Port.CACHE, cache);
    ports.put(Port.COORDINATOR, coordinator);
    ports.put(Port.REGISTRY, registry);
    List<ChosenDriver> chosen = new ArrayList<>();
    ports.forEach(
        (port, drivers) -> {
          Driver driver = (Driver) chosen(port, choice, drivers);
          chosen.add(new ChosenDriver(port, choice.driver(port), driver));
        });
    return new Drivers(chosen);
  }

  private static <T> T chosen(Port port, Choice choice, Instance<T> drivers) {
    return drivers.select(name(port, choice)).get();
  }

  private static Identifier name(Port port, Choice choice) {
    return Identifier.Literal.of(choice.driver(port));
  }
}
