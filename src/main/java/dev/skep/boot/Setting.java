package dev.skep.boot;

import dev.skep.common.Between;
import dev.skep.common.Needed;
import io.smallrye.config.ConfigMappingInterface.LeafProperty;
import io.smallrye.config.ConfigMappingInterface.PrimitiveProperty;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One key of a configuration mapping.
 *
 * @param optional whether it may be absent although it has no default
 * @param needed whether it must be there all the same once its driver is chosen
 */
record Setting(
    String key,
    Class<?> type,
    boolean optional,
    boolean needed,
    @Nullable String byDefault,
    @Nullable Between bounds) {

  /** All keys of a mapping, by key. */
  static List<Setting> of(Class<?> mapping) {
    return ConfigMappings.getProperties(ConfigClass.configClass(mapping)).entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .toList();
  }

  boolean required() {
    return needed || (!optional && byDefault == null);
  }

  /** The environment variable that sets it. */
  String variable() {
    return variable(key);
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static Setting of(String key, Property property) {
    boolean needed = property.getMethod().isAnnotationPresent(Needed.class);
    if (property.isOptional()) {
      Setting inner = of(key, property.asOptional().getNestedProperty());
      return new Setting(key, inner.type(), true, needed, inner.byDefault(), inner.bounds());
    }
    Between bounds = property.getMethod().getAnnotation(Between.class);
    String byDefault = property.hasDefaultValue() ? property.getDefaultValue() : null;
    if (property.isPrimitive()) {
      PrimitiveProperty primitive = property.asPrimitive();
      return new Setting(key, primitive.getBoxType(), false, needed, byDefault, bounds);
    }
    if (property.isLeaf()) {
      LeafProperty leaf = property.asLeaf();
      return new Setting(key, leaf.getValueRawType(), false, needed, byDefault, bounds);
    }
    throw new IllegalStateException(
        key + ": maps and lists are not supported in configuration mappings");
  }
}
