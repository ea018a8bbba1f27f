package dev.skep.testkit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts classes together by the types of their widest constructors, one instance each, as the
 * container does, so that a domain test needs no container and no list of constructors. A test
 * gives the ports and names what implements an interface of the domain.
 */
public final class Wiring {

  private final Map<Class<?>, Object> instances = new HashMap<>();
  private final Map<Class<?>, Class<?>> implementations = new HashMap<>();
  private final Map<String, String> configuration = new HashMap<>();

  public <T> Wiring give(Class<T> type, T instance) {
    instances.put(type, instance);
    return this;
  }

  public <T> Wiring implement(Class<T> type, Class<? extends T> by) {
    implementations.put(type, by);
    return this;
  }

  public Wiring configure(String key, String value) {
    configuration.put(key, value);
    return this;
  }

  /** What was configured, to be handed to another process. */
  public Map<String, String> configuration() {
    return Map.copyOf(configuration);
  }

  /** Many threads of a race may ask at once. */
  public synchronized <T> T get(Class<T> type) {
    Object instance = instances.get(type);
    if (instance == null) {
      instance = make(type);
      instances.put(type, instance);
    }
    return type.cast(instance);
  }

  private Object make(Class<?> type) {
    Class<?> implementation = implementations.get(type);
    if (implementation != null) {
      return get(implementation);
    }
    if (type.isAnnotationPresent(ConfigMapping.class)) {
      return mapping(type);
    }
    if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
      throw new IllegalStateException("nothing was given for " + type);
    }
    return construct(type);
  }

  private <T> T mapping(Class<T> type) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(configuration)
            .withMapping(type)
            .build();
    return config.getConfigMapping(type);
  }

  private Object construct(Class<?> type) {
    Constructor<?> constructor =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(each -> !Modifier.isPrivate(each.getModifiers()))
            .max(
                Comparator.<Constructor<?>>comparingInt(Wiring::rank)
                    .thenComparing(Constructor::getParameterCount))
            .orElseThrow(() -> new IllegalStateException(type + " has no constructor"));
    constructor.setAccessible(true);
    List<Object> arguments = new ArrayList<>();
    for (var parameter : constructor.getGenericParameterTypes()) {
      arguments.add(
          parameter instanceof ParameterizedType list
              ? List.of(get((Class<?>) list.getActualTypeArguments()[0]))
              : get((Class<?>) parameter));
    }
    try {
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " cannot be made", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  /** The one that the container would take comes before the other public ones. */
  private static int rank(Constructor<?> constructor) {
    if (constructor.isAnnotationPresent(jakarta.inject.Inject.class)) {
      return 2;
    }
    return Modifier.isPublic(constructor.getModifiers()) ? 1 : 0;
  }
}
