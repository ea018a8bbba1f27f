package dev.skep.port.objects.embedded;

import java.nio.file.Path;

/** The driver's configuration as a value. */
record TestConfig(Path folder, long minFreeSpace) implements EmbeddedObjectsConfig {}
