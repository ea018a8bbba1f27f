package dev.skep.port.cache.embedded;

/** The driver's configuration as a value. */
record TestConfig(long maxBytes, long maxCounters) implements EmbeddedCacheConfig {}
