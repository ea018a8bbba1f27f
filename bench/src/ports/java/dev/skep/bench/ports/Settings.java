package dev.skep.bench.ports;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What a replica on the same servers would be started with, by key. */
record Settings(Map<String, String> values) {

  static Settings read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return new Settings(values);
  }

  String value(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("there is no setting " + key);
    }
    return value;
  }

  /** As the drivers get them: all that is not set is the default. */
  <T> T as(Class<T> mapping) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withDefaultValues(values)
        .withMapping(mapping)
        .build()
        .getConfigMapping(mapping);
  }
}
